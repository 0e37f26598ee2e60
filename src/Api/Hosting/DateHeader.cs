using System.Globalization;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// Says in each answer in which second its request came, by the box office's clock: the buyer's page counts down by
/// it. Kestrel would write a Date that it renews once a second, and that may be a second old.
/// </summary>
internal sealed class DateHeader(TimeProvider time)
{
    /// <summary>The header of <see cref="WriteExactly"/>.</summary>
    public const string ExactHeader = "Server-Time";

    private volatile Second _last = new(0, "");

    /// <summary>Dates the answer, unless a handler of trouble throws its headers away: then Kestrel does.</summary>
    public Task WriteAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.Date = Now();
        return next(context);
    }

    /// <summary>
    /// Adds the box office's time to the millisecond (RFC 3339): one answer makes a page's countdown as exact as its
    /// journey was short, where it would need several of those that count whole seconds.
    /// </summary>
    public void WriteExactly(HttpResponse response) =>
        response.Headers[ExactHeader] =
            time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The same text for all who ask within one second.</summary>
    private string Now()
    {
        var now = time.GetUtcNow();
        var second = now.ToUnixTimeSeconds();
        var last = _last;
        if (last.Number != second) _last = last = new(second, now.ToString("R"));
        return last.Text;
    }

    private sealed record Second(long Number, string Text);
}

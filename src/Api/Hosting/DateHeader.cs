using System.Globalization;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// Writes into each answer the second of its request, by the box office's clock: the buyer's page counts down by it.
/// Kestrel's own Date is renewed once a second, and may be a second old.
/// </summary>
internal sealed class DateHeader(TimeProvider time)
{
    /// <summary>The header of <see cref="WriteExactly"/>.</summary>
    public const string ExactHeader = "Server-Time";

    private volatile Second _last = new(0, "");

    /// <summary>Sets the answer's Date. When an exception handler clears the headers, Kestrel sets it.</summary>
    public Task WriteAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.Date = Now();
        return next(context);
    }

    /// <summary>
    /// Adds the box office's time to the millisecond (RFC 3339): with one answer a page's countdown is as exact as the
    /// network is fast; with answers in whole seconds it would need several.
    /// </summary>
    public void WriteExactly(HttpResponse response) =>
        response.Headers[ExactHeader] =
            time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Formatted once for each second.</summary>
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

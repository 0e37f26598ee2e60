namespace BoxOffice.Api;

/// <summary>
/// Says in each answer in which second its request came, by the box office's clock: the buyer's page counts down by it. Kestrel
/// would write a Date that it renews once a second, and that may be a second old.
/// </summary>
internal sealed class ExactDate(TimeProvider time)
{
    private volatile Second _last = new(0, "");

    /// <summary>Dates the answer, unless a handler of trouble throws its headers away: then Kestrel does.</summary>
    public Task WriteAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.Date = Now();
        return next(context);
    }

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

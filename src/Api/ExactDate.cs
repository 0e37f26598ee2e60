namespace BoxOffice.Api;

/// <summary>
/// Says in each answer in which second it was written, by the box office's clock: the buyer's page counts down by it. Kestrel
/// would write a Date that it renews once a second, and that may be a second old.
/// </summary>
internal sealed class ExactDate(TimeProvider time)
{
    /// <summary>Dates the answer when it is about to be written.</summary>
    public Task WriteAsync(HttpContext context, RequestDelegate next)
    {
        // At the last moment: a handler of trouble throws away the headers that were there before.
        context.Response.OnStarting(Write, context.Response);
        return next(context);
    }

    private Task Write(object response)
    {
        ((HttpResponse)response).Headers.Date = time.GetUtcNow().ToString("R");
        return Task.CompletedTask;
    }
}

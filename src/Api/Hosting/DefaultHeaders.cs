using Microsoft.Extensions.Primitives;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// Sets the headers that every answer has unless its endpoint set them: a new endpoint is safe without a thought of it.
/// </summary>
internal static class DefaultHeaders
{
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoStore = "no-store"; // a cache does not vary by x-access-token

    // A page that runs and loads nothing. Pages with scripts set their own policy.
    private static readonly StringValues NothingAllowed =
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Adds the middleware. It comes first: nothing is answered without it.</summary>
    public static void UseDefaultHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        // When the answer starts, because an exception handler clears what was set before.
        context.Response.OnStarting(SetAsync, context.Response);
        return next(context);
    });

    private static Task SetAsync(object state)
    {
        var response = (HttpResponse)state;
        var headers = response.Headers;
        headers.XContentTypeOptions = NoSniff;
        if (response.StatusCode >= 400 || headers.CacheControl.Count == 0) headers.CacheControl = NoStore;
        var isPage = headers.ContentType.Count > 0
            && headers.ContentType[0]!.StartsWith("text/html", StringComparison.OrdinalIgnoreCase);
        if (isPage && headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = NothingAllowed;
        return Task.CompletedTask;
    }
}

using BoxOffice.Api.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// Makes requests uniform before they are routed. HEAD is answered where GET is, and a request without bytes has no
/// body: many clients add a Content-Type to an empty one, and routing would refuse it.
/// </summary>
internal static class RequestForm
{
    private const string Utf8 = "utf-8";

    /// <summary>Adds the middleware. Routing must follow.</summary>
    public static void UseRequestForm(this WebApplication app) => app.Use(PassAsync);

    /// <summary>
    /// Refuses bodies that the endpoints could not read: of another charset than UTF-8, or compressed. It comes after
    /// authorization.
    /// </summary>
    public static void UseReadableBodies(this WebApplication app) => app.Use((context, next) =>
        IsReadable(context.Request) ? next(context) : Problems.UnsupportedMediaType.ExecuteAsync(context));

    private static Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (HttpMethods.IsHead(request.Method)) HeadRequest.PassAsGet(context);
        if (request.ContentLength is > 0) return next(context);
        var canHaveBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        if (canHaveBody && request.ContentLength is null) return PassUnlessEmptyAsync(context, next);
        RemoveForm(request);
        return next(context);
    }

    /// <summary>The length is not known: the first bytes tell. They stay in the reader.</summary>
    private static async Task PassUnlessEmptyAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            var reader = context.Request.BodyReader;
            var read = await reader.ReadAsync(context.RequestAborted);
            var isEmpty = read.IsCompleted && read.Buffer.IsEmpty;
            reader.AdvanceTo(read.Buffer.Start);
            if (isEmpty) RemoveForm(context.Request);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The endpoint that reads the body meets the same, where it is answered as a problem.
        }
        await next(context);
    }

    private static void RemoveForm(HttpRequest request)
    {
        request.Headers.Remove(HeaderNames.ContentType);
        request.Headers.Remove(HeaderNames.ContentEncoding);
    }

    private static bool IsReadable(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding;
        if (coding.Count > 0 && !coding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase)) return false;
        if (request.ContentType is not { } type || !type.Contains("charset", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!MediaTypeHeaderValue.TryParse(type, out var parsed)
            || !HeaderUtilities.RemoveQuotes(parsed.Charset).Equals(Utf8, StringComparison.OrdinalIgnoreCase))
            return false;
        // The framework's reader fails on a charset in quotes.
        if (!parsed.Charset.Equals(Utf8, StringComparison.OrdinalIgnoreCase))
        {
            parsed.Charset = Utf8;
            request.ContentType = parsed.ToString();
        }
        return true;
    }
}

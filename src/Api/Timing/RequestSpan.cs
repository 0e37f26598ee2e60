using System.Diagnostics;
using System.Globalization;

namespace BoxOffice.Api.Timing;

/// <summary>
/// What a request's span says, in the names of OpenTelemetry's conventions for HTTP servers (1.23 and later). The span is the
/// framework's own. OpenTelemetry.Instrumentation.AspNetCore would listen to every request's events to describe the one in a
/// thousand whose trace is kept; this looks at those only.
/// </summary>
internal static class RequestSpan
{
    /// <summary>The framework's source of these spans.</summary>
    public const string SourceName = "Microsoft.AspNetCore";

    /// <summary>Goes on, and when the request's trace is kept, describes it.</summary>
    public static Task DescribeAsync(HttpContext context, RequestDelegate next) =>
        Activity.Current is { IsAllDataRequested: true } span ? DescribeAsync(context, next, span) : next(context);

    private static async Task DescribeAsync(HttpContext context, RequestDelegate next, Activity span)
    {
        var request = context.Request;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? request.Method : $"{request.Method} {route}";
        span.SetTag("http.request.method", request.Method);
        span.SetTag("http.route", route);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", request.Path.Value);
        span.SetTag("network.protocol.version", request.Protocol[(request.Protocol.IndexOf('/') + 1)..]);
        await next(context);

        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (status < 500) return;
        span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
        span.SetStatus(ActivityStatusCode.Error);
    }
}

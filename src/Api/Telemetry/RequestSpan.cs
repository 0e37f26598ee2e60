using System.Diagnostics;
using System.Globalization;
using BoxOffice.Api.Contracts;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Api.Telemetry;

/// <summary>
/// The span of a request whose trace is kept, in the names of OpenTelemetry's conventions for HTTP servers (1.23 and
/// later).
/// </summary>
/// <remarks>
/// The framework would begin one for each request, and decide afterwards whether it is kept. This decides before, so
/// that the other 999 of a thousand neither create one nor carry it from thread to thread.
/// </remarks>
/// <param name="isSampledHere">
/// True: one request in <see cref="SampledOf"/> begins a trace; false: the configured sampler decides on each request.
/// </param>
internal sealed class RequestSpan(bool isSampledHere)
{
    /// <summary>One in so many requests without a caller's trace is traced: at 30,000 calls a second, 30.</summary>
    public const int SampledOf = 1_000;

    private static readonly ActivitySource Source = new(Tracing.SourceName);

    /// <summary>Continues the pipeline, in a span when the request's trace is kept.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var caller = TraceIds.CallerOf(context);
        var isKept = caller is { } known
            ? known.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            : Random.Shared.Next(SampledOf) == 0;
        return (isKept || !isSampledHere)
            && Source.StartActivity(Tracing.RequestName, ActivityKind.Server, caller ?? default) is { } span
                ? DescribeAsync(context, next, span)
                : next(context);
    }

    private static async Task DescribeAsync(HttpContext context, RequestDelegate next, Activity span)
    {
        using var ending = span;
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

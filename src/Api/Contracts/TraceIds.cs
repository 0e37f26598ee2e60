using System.Diagnostics;

namespace BoxOffice.Api.Contracts;

/// <summary>The id of a request in traces, logs and problems (W3C Trace Context).</summary>
internal static class TraceIds
{
    /// <summary>
    /// The id of its trace, or of its caller's trace; else the server's own id of the request.
    /// </summary>
    public static string Of(HttpContext context) =>
        Activity.Current?.TraceId.ToHexString() ?? CallerOf(context)?.TraceId.ToHexString() ?? context.TraceIdentifier;

    /// <summary>The caller's trace context, from the header <c>traceparent</c>; null when there is none.</summary>
    public static ActivityContext? CallerOf(HttpContext context)
    {
        var headers = context.Request.Headers;
        return headers.TraceParent is [{ } parent]
            && ActivityContext.TryParse(parent, headers.TraceState, isRemote: true, out var caller) ? caller : null;
    }
}

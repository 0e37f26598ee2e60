using System.Data.Common;
using BoxOffice.Api.Contracts;
using Microsoft.AspNetCore.Diagnostics;
using Orleans.Serialization;

namespace BoxOffice.Api.Hosting;

/// <summary>
/// Turns exceptions into problems that state whether the call was applied; errors of all layers have the same form.
/// </summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var isRead = HttpMethods.IsGet(httpContext.Request.Method) || HttpMethods.IsHead(httpContext.Request.Method);
        if (httpContext.RequestAborted.IsCancellationRequested) return true; // the caller has gone
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad =>
                UnreadableRequest.Of(httpContext, bad),
            BadHttpRequestException bad => Problems.OfStatus(bad.StatusCode),
            EventBrokenException broken when httpContext.User.IsInRole(nameof(MemberRole.Operator)) =>
                Problems.EventBroken(broken.Message),
            _ when CallFailure.IsNothingDone(exception) || CallFailure.MayHelp(exception) =>
                Problems.Of(exception, isRead),
            _ when IsOfDatabase(exception) => Problems.Of(exception, isRead),
            _ => Problems.InternalError(isRead),
        };
        if (problem.Status == StatusCodes.Status500InternalServerError)
            LogDefect(exception, httpContext.Request.Method, httpContext.Request.Path);
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>
    /// The members' storage passes its database's exceptions on, with or without their type on this side of the wire.
    /// </summary>
    private static bool IsOfDatabase(Exception exception) =>
        exception.GetBaseException() is DbException or UnavailableExceptionFallbackException or CodecNotFoundException;

    [LoggerMessage(Level = LogLevel.Error, Message = "A defect in {Method} {Path}")]
    private partial void LogDefect(Exception exception, string method, string path);
}

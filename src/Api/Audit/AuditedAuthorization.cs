using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace BoxOffice.Api.Audit;

/// <summary>Records calls of operators' paths without a valid token or without the right: 401 and 403.</summary>
internal sealed class AuditedAuthorization(RefusedActs refused) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _answer = new();

    /// <inheritdoc/>
    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        await _answer.HandleAsync(next, context, policy, authorizeResult);
        if (authorizeResult.Succeeded || AuditedEndpoint.Of(context) is not { IsOfOperators: true } audited) return;
        if (AuditedLogins.IsNoted(context)) return;
        refused.Note(OperatorAudit.ActOf(context, context.User.Identity?.Name ?? "", audited.Action, CodeOf(context)));
    }

    /// <summary>What the caller was answered.</summary>
    private static string CodeOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status403Forbidden => "FORBIDDEN",
        StatusCodes.Status429TooManyRequests => "TOO_MANY_ATTEMPTS",
        StatusCodes.Status503ServiceUnavailable => "LOGIN_BUSY",
        _ => "UNAUTHENTICATED",
    };
}

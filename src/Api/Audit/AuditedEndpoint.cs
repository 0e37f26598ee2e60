using Microsoft.AspNetCore.Authorization;

namespace BoxOffice.Api.Audit;

/// <summary>Marks an endpoint whose calls by operators, and refused calls, are recorded.</summary>
/// <param name="Action">Its name in the log, in upper snake case.</param>
/// <param name="IsOfOperators">True when only operators may call it.</param>
internal sealed record AuditedEndpoint(string Action, bool IsOfOperators)
{
    /// <summary>Marks an endpoint that reads so much that its calls are recorded like changes: an export.</summary>
    public sealed class Export
    {
        /// <summary>The mark.</summary>
        public static readonly Export Mark = new();
    }

    /// <summary>The mark of the request's endpoint.</summary>
    public static AuditedEndpoint? Of(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<AuditedEndpoint>();

    /// <summary>
    /// Its action, when the call is one that is recorded before it is carried out: a change or an export, made by an
    /// operator. Else null.
    /// </summary>
    public static string? ActOf(HttpContext context)
    {
        if (Of(context) is not { } audited || !context.User.IsInRole(nameof(MemberRole.Operator))) return null;
        var metadata = context.GetEndpoint()!.Metadata;
        var isOpen = metadata.GetMetadata<IAllowAnonymous>() is not null
            || metadata.GetMetadata<IAuthorizeData>() is null;
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return !isOpen && (!reads || metadata.GetMetadata<Export>() is not null) ? audited.Action : null;
    }
}

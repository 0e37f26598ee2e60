using System.Text.Json;
using BoxOffice.Api.Audit;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// Records what operators do: around every endpoint under <c>/admin/</c> and <c>/member/</c>, so that none can be
/// forgotten.
/// </summary>
internal static class AuditFilter
{
    private const string OperatorsPath = "/admin/";
    private const string AccountsPath = "/member/";

    /// <summary>Adds it to the endpoints of a group that are mapped later.</summary>
    public static RouteGroupBuilder WithOperatorAudit(this RouteGroupBuilder routes)
    {
        ((IEndpointConventionBuilder)routes).Add(builder =>
        {
            if (builder is not RouteEndpointBuilder { RoutePattern.RawText: { } path }) return;
            var isOfOperators = path.StartsWith(OperatorsPath, StringComparison.OrdinalIgnoreCase);
            if (!isOfOperators && !path.StartsWith(AccountsPath, StringComparison.OrdinalIgnoreCase)) return;
            var methods = builder.Metadata.OfType<IHttpMethodMetadata>().FirstOrDefault()?.HttpMethods;
            var id = OperationText.Of(methods is [var only, ..] ? only : HttpMethods.Get, path).Id;
            builder.Metadata.Add(
                new AuditedEndpoint(JsonNamingPolicy.SnakeCaseUpper.ConvertName(id), isOfOperators));
            builder.FilterFactories.Add((_, next) => call => PassAsync(call, next));
        });
        return routes;
    }

    private static async ValueTask<object?> PassAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var context = call.HttpContext;
        if (AuditedEndpoint.ActOf(context) is not { } action) return await next(call);
        var audit = context.RequestServices.GetRequiredService<OperatorAudit>();
        var begun = await audit.BeginAsync(context, action, call.Arguments.OfType<IAuditedBody>().FirstOrDefault());
        try
        {
            var result = await next(call);
            await audit.EndAsync(begun, OutcomeOf(result));
            return result;
        }
        catch (Exception e)
        {
            await audit.EndAsync(begun, OutcomeOf(e));
            throw;
        }
    }

    private static string OutcomeOf(object? result) => result switch
    {
        INestedHttpResult { Result: var inner } => OutcomeOf(inner),
        Problem problem => problem.Code,
        _ => OperatorAudit.Done,
    };

    private static string OutcomeOf(Exception failure) => failure switch
    {
        BadHttpRequestException => "INVALID_REQUEST",
        EventBrokenException => "EVENT_BROKEN",
        _ => CallFailure.IsNothingDone(failure) ? "BUSY" : "OUTCOME_UNKNOWN",
    };
}

using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxOffice.Api.Endpoints;

/// <summary>The audit log, for operators.</summary>
internal static class AuditEndpoints
{
    private const int DefaultLimit = 100;

    public static void MapAudit(this IEndpointRouteBuilder routes) => routes
        .MapGet("/admin/audit", ReadAsync)
        .WithTags("Operators")
        .RequireAuthorization(AuthorizationPolicies.Operators)
        .WithSummary("Read the audit log")
        .WithProblems(400, 403, 422, 503)
        .CompressLargeAnswers();

    private static async Task<Results<Ok<Answer<AuditAnswer[]>>, Problem>> ReadAsync(
        RetryPolicy retry, long after = 0, string actor = "", string action = "", string order = "newest",
        int limit = DefaultLimit)
    {
        var errors = new Dictionary<string, string[]>();
        if (after < 0) errors["after"] = ["must be 0 or more"];
        if (limit is < 1 or > AuditQuery.CountLimit) errors["limit"] = [$"must be 1 to {AuditQuery.CountLimit}"];
        if (order is not ("newest" or "oldest")) errors["order"] = ["must be newest or oldest"];
        if (errors.Count > 0) return Problems.ValidationFailed(errors);
        var query = new AuditQuery(
            after, AuditText.Clean(actor), AuditText.Clean(action), limit, IsOldestFirst: order == "oldest");
        var entries = await retry.AskAsync("audit", grains => grains.GetGrain<IAuditGrain>(0).Read(query));
        return TypedResults.Ok(new Answer<AuditAnswer[]>(Array.ConvertAll(entries, AuditAnswer.Of)));
    }
}

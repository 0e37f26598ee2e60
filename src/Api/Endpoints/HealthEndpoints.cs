using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxOffice.Api.Endpoints;

/// <summary>For whoever decides where requests go.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("").WithTags("Health").AllowAnonymous();
        health.MapGet("/alive", () => TypedResults.Text("alive")).WithSummary("The process answers; asks nobody else");
        health.MapGet("/health", GetHealthAsync).WithSummary("The cluster and the journal answer, and nothing is draining");
    }

    private static async Task<Results<ContentHttpResult, JsonHttpResult<string>>> GetHealthAsync(Readiness readiness) =>
        await readiness.CheckAsync() is { } trouble
            ? TypedResults.Text(trouble, statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Text("ready");
}

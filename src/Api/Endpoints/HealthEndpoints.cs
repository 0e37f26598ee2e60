using System.Reflection;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Hosting;
using BoxOffice.Grains.Clocks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxOffice.Api.Endpoints;

/// <summary>For load balancers and probes.</summary>
internal static class HealthEndpoints
{
    // From Directory.Build.props; the part behind + is the commit.
    private static readonly string Version = typeof(HealthEndpoints).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("").WithTags("Health").AllowAnonymous();
        health.MapGet("/alive", () => TypedResults.Ok(new Answer<HealthAnswer>(new("ALIVE", Version))))
            .WithSummary("The process answers, without asking a silo");
        health.MapGet("/health", GetHealthAsync)
            .WithSummary("The cluster and the journal answer, and nothing drains")
            .WithProblems(503);
    }

    private static async Task<Results<Ok<Answer<HealthAnswer>>, Problem>> GetHealthAsync(
        Readiness readiness, SaleClock clock, [FromServices] EmbeddedStore? store = null) =>
        await readiness.CheckAsync() is { } reason
            ? Problems.NotReady(reason)
            : TypedResults.Ok(new Answer<HealthAnswer>(new(
                "READY", Version, clock.Step?.TotalSeconds, store?.AheadOf(clock.GetUtcNow())?.TotalSeconds)));
}

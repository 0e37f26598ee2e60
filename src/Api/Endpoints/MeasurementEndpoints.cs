using BoxOffice.Api.Contracts;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Timing;
using BoxOffice.Grains;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Endpoints;

/// <summary>The measurements of a running sale, for operators: where the time goes, and the cluster's silos.</summary>
internal static class MeasurementEndpoints
{
    private const string EventGrain = "TicketEventGrain";

    public static void MapMeasurements(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin")
            .WithTags("Operators")
            .RequireAuthorization(AuthorizationPolicies.Operators)
            .WithProblems(403);
        admin.MapGet("/events/{eventId}/timing", GetTimingAsync)
            .WithSummary("See where the time of reserve calls goes")
            .WithProblems(404, 503)
            .CompressLargeAnswers();
        admin.MapGet("/cluster", GetClusterAsync)
            .WithSummary("List the silos")
            .WithProblems(503)
            .CompressLargeAnswers();
        if (routes.ServiceProvider.GetRequiredService<IOptions<BoxOfficeOptions>>().Value.Metrics)
        {
            // Prometheus can send an id and a password (basic_auth), but no token in x-access-token.
            routes.MapPrometheusScrapingEndpoint("/admin/metrics")
                .RequireAuthorization(AuthorizationPolicies.OperatorsInBrowser)
                .ExcludeFromDescription();
        }
    }

    private static async Task<Results<Ok<Answer<TimingAnswer>>, Problem>> GetTimingAsync(
        string eventId, RetryPolicy retry, ReserveTallies tallies)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        // Made-up ids must not stay in a silo's memory.
        if (await retry.AskAsync(eventId, grains => grains.TicketEvent(eventId).Status()) is null)
            return Problems.EventNotFound;
        await tallies.ReportAsync(eventId);
        var report = await retry.AskAsync(eventId, grains => grains.GetGrain<IReserveTallyGrain>(eventId).Read());
        return TypedResults.Ok(new Answer<TimingAnswer>(TimingAnswer.Of(eventId, report)));
    }

    private static async Task<Ok<Answer<ClusterAnswer>>> GetClusterAsync(RetryPolicy retry, LoadTestMode loadTest)
    {
        var hosts = await retry.AskAsync(
            "", grains => grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: true));
        var grains = await retry.AskAsync(
            "", grains => grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics());
        var silos = hosts.OrderBy(host => host.SiloAddress.Endpoint.ToString(), StringComparer.Ordinal).Select(host =>
        {
            var mine = grains.Where(counter => counter.SiloAddress.Equals(host.SiloAddress)).ToList();
            return new SiloAnswer(host.SiloAddress.Endpoint.ToString(), host.Status.ToString(),
                mine.Where(counter => counter.GrainType.Contains(EventGrain, StringComparison.Ordinal))
                    .Sum(counter => counter.ActivationCount),
                mine.Sum(counter => counter.ActivationCount),
                new(DateTime.SpecifyKind(host.StartTime, DateTimeKind.Utc)));
        });
        return TypedResults.Ok(new Answer<ClusterAnswer>(new([.. silos], loadTest.IsOn)));
    }
}

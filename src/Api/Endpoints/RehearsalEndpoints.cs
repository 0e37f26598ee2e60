using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Rehearsal;
using BoxOffice.Api.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxOffice.Api.Endpoints;

/// <summary>Rehearsals: a synthetic crowd buys from a copy of an event.</summary>
internal static class RehearsalEndpoints
{
    public static void MapRehearsals(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin")
            .WithTags("Operators")
            .RequireAuthorization(AuthorizationPolicies.Operators)
            .WithProblems(403);
        admin.MapPost("/events/{eventId}/rehearse", BeginAsync)
            .WithSummary("Rehearse the sale of an event")
            .WithProblems(404, 409, 422, 503)
            .WithMetadata(new ResponseHeader("Location", "The rehearsal's address.", "202"));
        admin.MapGet("/rehearsals", ListAsync).WithSummary("List the last rehearsals").CompressLargeAnswers();
        admin.MapGet("/rehearsals/{rehearsalId}", FindAsync)
            .WithSummary("Get a rehearsal with its report")
            .WithProblems(404)
            .CompressLargeAnswers();
        admin.MapPost("/rehearsals/{rehearsalId}/stop", StopAsync).WithSummary("Stop a rehearsal").WithProblems(404);
        routes.MapGet("/admin/rehearsals/{rehearsalId}/report", GetReportAsync)
            .WithTags("Operators")
            .WithSummary("Get a report as a page")
            .RequireAuthorization(AuthorizationPolicies.OperatorsInBrowser)
            .Produces<string>(contentType: "text/html")
            .WithProblems(403, 404, 409);
    }

    private static async Task<Results<Accepted<Answer<RehearsalAnswer>>, Problem>> BeginAsync(
        string eventId, RehearseEvent asked, RetryPolicy retry, RehearsalRunner runner)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        if (await retry.AskAsync(eventId, grains => grains.TicketEvent(eventId).Status()) is not { } status)
            return Problems.EventNotFound;
        var order = asked.ToOrder();
        if (order.Errors(status.Terms) is { Count: > 0 } errors) return Problems.ValidationFailed(errors);

        var (rehearsal, isMine) = await runner.BeginAsync(status, order);
        return isMine
            ? TypedResults.Accepted(
                $"/admin/rehearsals/{rehearsal.Id}", new Answer<RehearsalAnswer>(RehearsalAnswer.Of(rehearsal)))
            : Problems.RehearsalRunning(rehearsal.Id);
    }

    private static async Task<Ok<Answer<RehearsalsAnswer>>> ListAsync(RehearsalRunner runner)
    {
        var rehearsals = await runner.AskAsync(known => known.List());
        return TypedResults.Ok(new Answer<RehearsalsAnswer>(new(Array.ConvertAll(rehearsals, RehearsalAnswer.Of))));
    }

    private static Task<Results<Ok<Answer<RehearsalAnswer>>, Problem>> FindAsync(
        string rehearsalId, RehearsalRunner runner) =>
        AnswerAsync(runner.AskAsync(known => known.Find(rehearsalId)));

    private static Task<Results<Ok<Answer<RehearsalAnswer>>, Problem>> StopAsync(
        string rehearsalId, RehearsalRunner runner) =>
        AnswerAsync(runner.AskAsync(known => known.Stop(rehearsalId)));

    private static async Task<Results<ContentHttpResult, Problem>> GetReportAsync(
        string rehearsalId, HttpContext context, RehearsalRunner runner)
    {
        var rehearsal = await runner.AskAsync(known => known.Find(rehearsalId));
        if (rehearsal is null) return Problems.RehearsalNotFound;
        if (rehearsal.IsUnderWay) return Problems.RehearsalRunning(rehearsal.Id);
        if (!rehearsal.HasReport) return Problems.ReportNotFound;
        ReportPage.SetHeaders(context.Response.Headers);
        return TypedResults.Content(ReportPage.Of(RehearsalAnswer.Of(rehearsal)), "text/html; charset=utf-8");
    }

    private static async Task<Results<Ok<Answer<RehearsalAnswer>>, Problem>> AnswerAsync(
        Task<RehearsalStatus?> asked) =>
        await asked is { } rehearsal
            ? TypedResults.Ok(new Answer<RehearsalAnswer>(RehearsalAnswer.Of(rehearsal)))
            : Problems.RehearsalNotFound;
}

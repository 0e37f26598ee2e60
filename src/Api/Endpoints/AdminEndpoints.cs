using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxOffice.Api.Endpoints;

/// <summary>The calls of operators that change events.</summary>
internal static class AdminEndpoints
{
    private static readonly TimeSpan ForgetMax = TimeSpan.FromSeconds(1); // a silo that hangs does not block a repair

    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin")
            .WithTags("Operators")
            .RequireAuthorization(AuthorizationPolicies.Operators)
            .WithProblems(403);
        admin.MapPost("/events", OpenAsync)
            .WithSummary("Open an event")
            .WithProblems(409, 422, 503)
            .WithMetadata(new ResponseHeader("Location", "The event's address.", "201"));
        admin.MapPatch("/events/{eventId}", ChangeAsync)
            .WithSummary("Change an event")
            .WithProblems(404, 409, 412, 422, 503)
            .WithMetadata(new RequestHeader(
                "If-Match", "The ETag of the event: another version is not changed (412).", LengthMax: 1_000));
        admin.MapPost("/events/{eventId}/pause", PauseAsync).WithSummary("Pause the sale").WithProblems(404, 503);
        admin.MapPost("/events/{eventId}/resume", ResumeAsync).WithSummary("Resume the sale").WithProblems(404, 503);
        admin.MapPost("/events/{eventId}/repair", RepairAsync)
            .WithSummary("Repair an event whose journal cannot be replayed")
            .WithProblems(404, 409, 422, 503);
    }

    private static async Task<Results<Created<Answer<EventAnswer>>, Problem>> OpenAsync(
        OpenEvent asked, HttpContext context, Router router, RetryPolicy retry)
    {
        if (asked.Id is not null && !Identifiers.IsEventId(asked.Id))
        {
            return Problems.ValidationFailed(new Dictionary<string, string[]>
            {
                ["id"] = [$"must be 1 to {Identifiers.EventIdLengthMax} letters, digits, - and _"],
            });
        }
        // Generated ids are random: a collision is practically impossible, and would be answered EVENT_EXISTS.
        var id = asked.Id ?? Random.Shared.GetString("abcdefghjkmnpqrstuvwxyz23456789", 10);
        var result = await router.For(id).Grains.TicketEvent(id)
            .Open(asked.ToTerms(), context.MemberId(), retry.ValidUntil);
        return result.Status == EventResultStatus.Done
            ? TypedResults.Created($"/ticket/events/{id}", new Answer<EventAnswer>(EventAnswer.Of(result.Event!)))
            : Problems.Of(result);
    }

    private static Task<Results<Ok<Answer<EventAnswer>>, Problem>> ChangeAsync(
        string eventId, ChangeEvent asked, HttpContext context, RetryPolicy retry, SoldOutLatches latches)
    {
        if (asked.Errors() is { Count: > 0 } errors)
            return Task.FromResult<Results<Ok<Answer<EventAnswer>>, Problem>>(Problems.ValidationFailed(errors));
        var change = asked.ToChange(EntityTags.RequiredVersions(context.Request));
        // With If-Match, a repeated attempt would be refused because the one before it was carried out.
        return OnEventAsync(
            eventId, retry, latches,
            (ticketEvent, validUntil) => ticketEvent.Change(change, context.MemberId(), validUntil),
            mayRepeat: change.IfVersions is null);
    }

    private static Task<Results<Ok<Answer<EventAnswer>>, Problem>> PauseAsync(
        string eventId, HttpContext context, RetryPolicy retry, SoldOutLatches latches) =>
        OnEventAsync(eventId, retry, latches, (ticketEvent, validUntil) =>
            ticketEvent.Pause(context.MemberId(), validUntil));

    private static Task<Results<Ok<Answer<EventAnswer>>, Problem>> ResumeAsync(
        string eventId, HttpContext context, RetryPolicy retry, SoldOutLatches latches) =>
        OnEventAsync(eventId, retry, latches, (ticketEvent, validUntil) =>
            ticketEvent.Resume(context.MemberId(), validUntil));

    private static async Task<Results<Ok<Answer<RepairAnswer>>, Problem>> RepairAsync(
        string eventId, RepairEvent asked, HttpContext context, Router router, RetryPolicy retry)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        if (asked.UpTo is not { } upTo)
            return Problems.ValidationFailed(
                new Dictionary<string, string[]> { ["upTo"] = ["must name the last entry that stays"] });
        // Every silo forgets the journal's end as it knows it: a former owner must not take the removed entries for a
        // loss. A silo that does not answer may do so once.
        await Task.WhenAll(router.All.Select(silo => silo.Grains.GetGrain<IJournalGrain>(0).ForgetEnd(eventId)))
            .WaitAsync(ForgetMax).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // No retry: a second attempt would find a sound event, and could not tell that the first has repaired it.
        var result = await router.For(eventId).Grains.TicketEvent(eventId)
            .Repair(upTo, context.MemberId(), retry.ValidUntil);
        return result.Status switch
        {
            RepairStatus.Done =>
                TypedResults.Ok(new Answer<RepairAnswer>(new(eventId, result.ReadableUpTo, result.SetAside))),
            RepairStatus.NotBroken => Problems.EventNotBroken,
            RepairStatus.OtherEntry => Problems.ValidationFailed(new Dictionary<string, string[]>
            {
                ["upTo"] = [FormattableString.Invariant(
                    $"must be {result.ReadableUpTo}, the last entry that can be replayed")],
            }),
            _ => Problems.EventNotFound,
        };
    }

    private static async Task<Results<Ok<Answer<EventAnswer>>, Problem>> OnEventAsync(
        string eventId, RetryPolicy retry, SoldOutLatches latches,
        Func<ITicketEventGrain, DateTimeOffset, Task<EventResult>> call, bool mayRepeat = true)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        // A change that is made twice is as one, unless another change comes in between.
        var result = await retry.ChangeAsync(
            eventId, (grains, validUntil) => call(grains.TicketEvent(eventId), validUntil), isReversible: true,
            mayRepeat);
        latches.Open(eventId);
        return result.Status == EventResultStatus.Done
            ? TypedResults.Ok(new Answer<EventAnswer>(EventAnswer.Of(result.Event!)))
            : Problems.Of(result);
    }
}

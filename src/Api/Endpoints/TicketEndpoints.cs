using BoxOffice.Api.Contracts;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Live;
using BoxOffice.Api.RateLimiting;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Timing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// The calls of buyers. An endpoint addresses a grain and translates its status; the rules of sale are in the ledger.
/// </summary>
internal static class TicketEndpoints
{
    private const string KeyHeader = "Idempotency-Key";
    private const string ReplayedHeader = "Idempotency-Replayed";
    private static readonly ResponseHeader ServerTime =
        new(DateHeader.ExactHeader, "The front-end's time to the millisecond (RFC 3339).", "200");

    private static readonly StatusCodeHttpResult NotModified = TypedResults.StatusCode(304);

    private const int EventsOfMemberMax = 1_000;
    private const int ReservationsPerEventMax = 1_000;

    public static void MapTickets(this IEndpointRouteBuilder routes)
    {
        var tickets = routes.MapGroup("/ticket").WithTags("Tickets");
        tickets.MapGet("/events", ListEventsAsync).AllowAnonymous().WithSummary("List events")
            .Produces<Answer<EventAnswer[]>>().Produces(304).WithProblems(400, 422, 429, 503);
        tickets.MapGet("/events/{eventId}", GetEventAsync)
            .AllowAnonymous()
            .WithSummary("Get one event")
            .Produces(304)
            .WithProblems(404, 503)
            .WithMetadata(ServerTime, new ResponseHeader("ETag", "The event's version."))
            .WithMetadata(new RequestHeader("If-None-Match", "The ETag of an earlier answer.", LengthMax: 1_024));
        tickets.MapGet("/events/{eventId}/stream", StreamEventAsync)
            .AllowAnonymous()
            .WithSummary("Watch one event (server-sent events)")
            .Produces<EventAnswer>(contentType: AvailabilityStream.MediaType).WithProblems(404, 429, 503)
            .WithMetadata(ServerTime)
            .WithMetadata(new RequestHeader(
                "Last-Event-ID", "A version: numbers that were seen are not sent again.", LengthMax: 20));

        var mine = tickets.MapGroup("").RequireAuthorization();
        mine.MapPost("/reserve/{eventId}", ReserveAsync)
            .WithSummary("Reserve tickets")
            .WithMetadata(RateLimitMiddleware.PerMember.Mark, ReserveTiming.Measured.Mark)
            .DisableHttpMetrics()
            .Accepts<ReserveBody>(isOptional: true, "application/json").WithProblems(404, 409, 422, 429, 503)
            .WithMetadata(
                new RequestHeader(
                    KeyHeader, "Retries with the same key get the first answer.", ReserveRequest.KeyLengthMax),
                new ResponseHeader(ReplayedHeader, "true, when this is the answer that the key got before.", "200"),
                new ResponseHeader(
                    ReserveTiming.HeaderName,
                    "Where the time went, in milliseconds: edge, queue, turn, store, total (W3C Server Timing)."));
        mine.MapGet("/reservations", ListMineAsync)
            .WithSummary("List my reservations")
            .WithMetadata(RateLimitMiddleware.PerMember.ReadMark).WithProblems(429, 503)
            .CompressLargeAnswers();
        mine.MapGet("/reservations/{reservationId}", GetMineAsync)
            .WithSummary("Get my reservation")
            .WithMetadata(RateLimitMiddleware.PerMember.ReadMark).WithProblems(404, 429, 503);
        mine.MapPost("/reservations/{reservationId}/confirm", ConfirmAsync).WithSummary("Confirm my hold")
            .WithMetadata(RateLimitMiddleware.PerMember.Mark).WithProblems(404, 409, 410, 429, 503);
        mine.MapPost("/reservations/{reservationId}/cancel", CancelAsync).WithSummary("Cancel my reservation")
            .WithMetadata(RateLimitMiddleware.PerMember.Mark).WithProblems(404, 410, 429, 503);
    }

    private static async Task<Results<Ok<Answer<ReservationAnswer>>, Problem>> ReserveAsync(
        string eventId, HttpContext context, ReserveCoalescer coalescer)
    {
        if (ReadKey(context.Request, out var key) is { } badKey) return badKey;
        var (quantity, badBody) = await ReserveBody.ReadQuantityAsync(context.Request);
        if (badBody is not null) return badBody;
        // A rehearsal's crowd buys from a copy only, and other members cannot.
        if (!Identifiers.IsSaleId(eventId) || RehearsalCopy.Is(eventId) != RehearsalCopy.Is(context.MemberId()))
            return Problems.EventNotFound;

        var timing = ReserveTiming.Of(context)!;
        timing.HandOver();
        var decided = await coalescer.ReserveAsync(eventId, new(context.MemberId(), key, quantity, KnowsCycling: true));
        timing.Return(decided);
        if (decided.Answer.Reservation is not { } reservation) return Problems.Of(decided.Answer);
        var isReplayed = decided.Answer.Status == ReserveStatus.Replayed;
        if (isReplayed) context.Response.Headers[ReplayedHeader] = "true";
        timing.Answer(context.Response, isReplayed ? "REPLAYED" : "RESERVED");
        return TypedResults.Ok(new Answer<ReservationAnswer>(ReservationAnswer.Of(eventId, reservation)));
    }

    private static Task<Results<Ok<Answer<ReservationAnswer>>, Problem>> ConfirmAsync(
        string reservationId, HttpContext context, RetryPolicy retry) =>
        AboutMineAsync(
            reservationId, retry,
            (owner, sequence, validUntil) => owner.Confirm(context.MemberId(), sequence, validUntil));

    private static async Task<Results<Ok<Answer<ReservationAnswer>>, Problem>> CancelAsync(
        string reservationId, HttpContext context, RetryPolicy retry, SoldOutLatches latches)
    {
        var answer = await AboutMineAsync(
            reservationId, retry,
            (owner, sequence, validUntil) => owner.Cancel(context.MemberId(), sequence, validUntil));
        if (Identifiers.TryParseReservationId(reservationId, out var eventId, out _)) latches.Open(eventId);
        return answer;
    }

    private static Task<Results<Ok<Answer<ReservationAnswer>>, Problem>> GetMineAsync(
        string reservationId, HttpContext context, RetryPolicy retry) =>
        AboutMineAsync(
            reservationId, retry,
            (owner, sequence, validUntil) => owner.Find(context.MemberId(), sequence, validUntil));

    private static async Task<Ok<ReservationsAnswer>> ListMineAsync(HttpContext context, RetryPolicy retry)
    {
        var memberId = context.MemberId();
        var eventIds = await retry.AskAsync(
            memberId, grains => grains.GetGrain<IJournalGrain>(0).EventsOf(memberId, EventsOfMemberMax));
        var mine = await Task.WhenAll(eventIds.Select(async eventId =>
            (EventId: eventId, Reservations: await MineOfAsync(eventId, memberId, retry))));
        var newestFirst = mine
            .SelectMany(read => (read.Reservations ?? []).Select(found => (read.EventId, Reservation: found)))
            .OrderByDescending(each => each.Reservation.ReservedAt)
            .Select(each => ReservationAnswer.Of(each.EventId, each.Reservation));
        var unavailable = mine.Where(read => read.Reservations is null).Select(read => read.EventId).ToArray();
        return TypedResults.Ok(new ReservationsAnswer([.. newestFirst], unavailable.Length == 0 ? null : unavailable));
    }

    /// <summary>
    /// Null when the event does not answer: a failing event must not hide the reservations of all others.
    /// </summary>
    private static async Task<Reservation[]?> MineOfAsync(string eventId, string memberId, RetryPolicy retry)
    {
        try
        {
            return await retry.AskAsync(eventId, grains =>
                grains.TicketEvent(eventId).ReservationsOf(memberId, ReservationsPerEventMax, retry.ValidUntil));
        }
        catch (Exception e) when (CallFailure.MayHelp(e) || CallFailure.IsNothingDone(e))
        {
            return null;
        }
    }

    private static async Task<Results<EncodedContent, StatusCodeHttpResult, Problem>> ListEventsAsync(
        HttpContext context, EventPages pages, AddressLimits limits, IOptions<ApiOptions> options,
        string after = "", int? limit = null)
    {
        if (after.Length > 0 && !Identifiers.IsEventId(after))
            return Problems.ValidationFailed(new Dictionary<string, string[]>
            { ["after"] = ["must be an event's id"] });
        if (limit is < 1 || limit > options.Value.EventsPageMax)
            return Problems.ValidationFailed(
                new Dictionary<string, string[]> { ["limit"] = [$"must be 1 to {options.Value.EventsPageMax}"] });
        var countMax = limit ?? options.Value.EventsPageMax;
        var wait = limits.TakeListAnswer(context, pages.LengthOf(countMax));
        if (wait > TimeSpan.Zero) return Problems.RateLimited(wait);
        // Members and operators see what they have just done; anyone could order such reads without a token.
        var isAnonymous = context.User.Identity is not { IsAuthenticated: true };
        var read = await pages.ReadAsync(after, countMax, isAnonymous, MayOrder);
        if (read is not { } page) return Problems.RateLimited(wait);
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding; // of 304 as well
        return EntityTags.Revalidated(context, page.Tag) ? NotModified : page.Content;

        bool MayOrder() => (wait = limits.TakeListRead(context, pages.LengthOf(countMax))) == TimeSpan.Zero;
    }

    private static async Task<Results<Ok<Answer<EventAnswer>>, StatusCodeHttpResult, Problem>> GetEventAsync(
        string eventId, HttpContext context, RetryPolicy retry, DateHeader date)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        if (await retry.AskAsync(eventId, grains => grains.TicketEvent(eventId).Status()) is not { } status)
            return Problems.EventNotFound;

        date.WriteExactly(context.Response);
        return EntityTags.Revalidated(context, new EntityTagHeaderValue($"\"{status.Version}\""))
            ? NotModified
            : TypedResults.Ok(new Answer<EventAnswer>(EventAnswer.Of(status)));
    }

    private static async Task<IResult> StreamEventAsync(
        string eventId, HttpContext context, Broadcasts broadcasts, StreamLimits limits, DateHeader date)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        if (limits.Take(context) is { } refusal) return refusal;
        var broadcast = broadcasts.Join(eventId);
        try
        {
            if (await broadcast.NextAsync(writtenId: null, context.RequestAborted) is { } first)
            {
                date.WriteExactly(context.Response);
                return new AvailabilityStream(broadcasts, broadcast, first);
            }
        }
        catch
        {
            broadcasts.Leave(broadcast);
            throw;
        }
        broadcasts.Leave(broadcast);
        if (broadcast.Failure is { } failure) return Problems.Of(failure, isRead: true);
        return broadcasts.Stopping.IsCancellationRequested ? Problems.Busy() : Problems.EventNotFound;
    }

    private static async Task<Results<Ok<Answer<ReservationAnswer>>, Problem>> AboutMineAsync(
        string reservationId, RetryPolicy retry,
        Func<ITicketEventGrain, long, DateTimeOffset, Task<ReservationResult>> call)
    {
        if (!Identifiers.TryParseReservationId(reservationId, out var eventId, out var sequence))
            return Problems.ReservationNotFound;
        var result = await retry.ChangeAsync(
            eventId, (grains, validUntil) => call(grains.TicketEvent(eventId), sequence, validUntil));
        return result.Reservation is { } reservation
            ? TypedResults.Ok(new Answer<ReservationAnswer>(ReservationAnswer.Of(eventId, reservation)))
            : Problems.Of(result.Status);
    }

    private static Problem? ReadKey(HttpRequest request, out string? key)
    {
        key = null;
        if (!request.Headers.TryGetValue(KeyHeader, out var values)) return null;
        key = values.Count == 1 ? values[0] : null;
        var isKey = key is { Length: >= 1 and <= ReserveRequest.KeyLengthMax } && key.All(c => c is > ' ' and <= '~');
        return isKey ? null : Problems.InvalidIdempotencyKey;
    }
}

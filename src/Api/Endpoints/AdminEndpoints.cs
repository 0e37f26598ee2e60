using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Endpoints;

/// <summary>The operator's door.</summary>
internal static class AdminEndpoints
{
    private const int PageSize = 2_000; // entries or reservations for each grain call of an export
    private const int BrokenPageSize = 10_000; // the most that there is: each page replays all that can be replayed

    private static readonly TimeSpan ForgetMax = TimeSpan.FromSeconds(1); // a silo that hangs does not keep an operator from a repair

    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin").WithTags("Operators").RequireAuthorization(AuthorizationPolicies.Operators).WithProblems(403);
        admin.MapPost("/events", OpenAsync).WithSummary("Open an event").WithProblems(409, 422, 503);
        admin.MapPatch("/events/{eventId}", ChangeAsync).WithSummary("Change an event").WithProblems(404, 409, 422, 503);
        admin.MapPost("/events/{eventId}/pause", PauseAsync).WithSummary("Pause the sale").WithProblems(404, 503);
        admin.MapPost("/events/{eventId}/resume", ResumeAsync).WithSummary("Resume the sale").WithProblems(404, 503);
        admin.MapPost("/events/{eventId}/repair", RepairAsync).WithSummary("Repair an event whose journal cannot be replayed").WithProblems(404, 409, 422, 503);
        admin.MapPost("/members", RegisterAsync).WithSummary("Register members for a load test").WithProblems(422, 503);
        admin.MapPost("/tokens", IssueTokens).WithSummary("Issue tokens for a load test").WithProblems(422);
        admin.MapGet("/events/{eventId}/reservations", ExportAsync).WithSummary("Export reservations")
            .Produces<Answer<ExportedReservationAnswer[]>>(200, "application/json", "text/csv").WithProblems(404, 422, 503)
            .WithMetadata(CompressedStream.Mark);
        admin.MapGet("/events/{eventId}/journal", StreamJournalAsync).WithSummary("Stream the journal")
            .Produces<EntryAnswer>(contentType: "application/x-ndjson").WithProblems(400, 404, 422, 503)
            .WithMetadata(CompressedStream.Mark);
        admin.MapGet("/events/{eventId}/reconcile", ReconcileAsync).WithSummary("Compare owner, journal and database").WithProblems(404, 503);
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
        // Made-up ids are random: the chance that one is taken is nil, and then EVENT_EXISTS is an honest answer.
        var id = asked.Id ?? Random.Shared.GetString("abcdefghjkmnpqrstuvwxyz23456789", 10);
        var result = await router.For(id).Grains.TicketEvent(id).Open(asked.ToTerms(), context.MemberId(), retry.ValidUntil);
        return result.Status == EventResultStatus.Done
            ? TypedResults.Created($"/ticket/events/{id}", new Answer<EventAnswer>(EventAnswer.Of(result.Event!)))
            : Problems.Of(result);
    }

    private static Task<Results<Ok<Answer<EventAnswer>>, Problem>> ChangeAsync(
        string eventId, ChangeEvent asked, HttpContext context, RetryPolicy retry, SoldOutLatches latches) =>
        OnEventAsync(eventId, retry, latches, (one, validUntil) => one.Change(asked.ToChange(), context.MemberId(), validUntil));

    private static Task<Results<Ok<Answer<EventAnswer>>, Problem>> PauseAsync(
        string eventId, HttpContext context, RetryPolicy retry, SoldOutLatches latches) =>
        OnEventAsync(eventId, retry, latches, (one, validUntil) => one.Pause(context.MemberId(), validUntil));

    private static Task<Results<Ok<Answer<EventAnswer>>, Problem>> ResumeAsync(
        string eventId, HttpContext context, RetryPolicy retry, SoldOutLatches latches) =>
        OnEventAsync(eventId, retry, latches, (one, validUntil) => one.Resume(context.MemberId(), validUntil));

    private static async Task<Results<Ok<Answer<RepairAnswer>>, Problem>> RepairAsync(
        string eventId, RepairEvent asked, HttpContext context, Router router, RetryPolicy retry)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        if (asked.UpTo is not { } upTo)
            return Problems.ValidationFailed(new Dictionary<string, string[]> { ["upTo"] = ["must name the last entry that stays"] });
        // Whoever owned the event before must not take for a loss what an operator takes out. A silo that does not answer may do so once.
        await Task.WhenAll(router.All.Select(silo => silo.Grains.GetGrain<IJournalGrain>(0).ForgetEnd(eventId)))
            .WaitAsync(ForgetMax).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Once: a second attempt would find a sound event, and could not tell that the first has repaired it.
        var result = await router.For(eventId).Grains.TicketEvent(eventId).Repair(upTo, context.MemberId(), retry.ValidUntil);
        return result.Status switch
        {
            RepairStatus.Done => TypedResults.Ok(new Answer<RepairAnswer>(new(eventId, result.ReadableUpTo, result.SetAside))),
            RepairStatus.NotBroken => Problems.EventNotBroken,
            RepairStatus.OtherEntry => Problems.ValidationFailed(new Dictionary<string, string[]>
            {
                ["upTo"] = [string.Create(CultureInfo.InvariantCulture, $"must be {result.ReadableUpTo}, the last entry that can be replayed")],
            }),
            _ => Problems.EventNotFound,
        };
    }

    private static async Task<Results<Ok<Answer<EventAnswer>>, Problem>> OnEventAsync(
        string eventId, RetryPolicy retry, SoldOutLatches latches, Func<ITicketEventGrain, DateTimeOffset, Task<EventResult>> call)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        // To change it twice is to change it once, unless something else is done in between.
        var result = await retry.ChangeAsync(eventId, (grains, validUntil) => call(grains.TicketEvent(eventId), validUntil), isReversible: true);
        latches.Open(eventId);
        return result.Status == EventResultStatus.Done
            ? TypedResults.Ok(new Answer<EventAnswer>(EventAnswer.Of(result.Event!)))
            : Problems.Of(result);
    }

    private static async Task<Results<Ok<Answer<CreatedAnswer>>, Problem>> RegisterAsync(
        MemberRun run, PasswordHashingQueue lane, Router router, IOptions<ApiOptions> options)
    {
        var errors = run.Errors(options.Value.BulkCountMax);
        if (run.Password is not { Length: > 0 and <= Passwords.LengthMax })
            errors["password"] = [$"must be 1 to {Passwords.LengthMax} characters"];
        if (errors.Count > 0) return Problems.ValidationFailed(errors);

        if (await lane.HashAsync(run.Password!) is not { } hash) return Problems.LoginBusy();
        var result = await router.For("cohorts").Grains.GetGrain<ICohortGrain>(0).Register(new(run.Prefix ?? "", run.First, run.Count, hash));
        return result.IsFull ? Problems.TooManyCohorts : TypedResults.Ok(new Answer<CreatedAnswer>(new(result.Created)));
    }

    private static Results<Ok<Answer<TokensAnswer>>, Problem> IssueTokens(MemberRun run, Tokens tokens, IOptions<ApiOptions> options)
    {
        var errors = run.Errors(options.Value.BulkCountMax);
        if (errors.Count > 0) return Problems.ValidationFailed(errors);
        var issued = Enumerable.Range(run.First, run.Count)
            .Select(n => tokens.Issue(string.Create(CultureInfo.InvariantCulture, $"{run.Prefix}{n}"), MemberRole.Member).Token);
        return TypedResults.Ok(new Answer<TokensAnswer>(new([.. issued])));
    }

    private static async Task<Results<Ok<Answer<Reconciliation>>, Problem>> ReconcileAsync(string eventId, Router router)
    {
        if (!Identifiers.IsEventId(eventId)) return Problems.EventNotFound;
        return await router.For(eventId).Grains.GetGrain<IJournalGrain>(0).Reconcile(eventId) is { } reconciliation
            ? TypedResults.Ok(new Answer<Reconciliation>(reconciliation))
            : Problems.EventNotFound;
    }

    private static async Task<Results<EmptyHttpResult, Problem>> ExportAsync(
        string eventId, HttpContext context, Router router, RetryPolicy retry, string format = "json")
    {
        if (format is not ("json" or "csv"))
            return Problems.ValidationFailed(new Dictionary<string, string[]> { ["format"] = ["must be json or csv"] });
        if (await StateOfAsync(eventId, retry) is not { } state) return Problems.EventNotFound;

        var answers = ReservationsAsync(eventId, router, state);
        if (format == "csv") await WriteCsvAsync(context.Response, answers);
        else await WriteJsonArrayAsync(context.Response, answers);
        return TypedResults.Empty;
    }

    private static async Task<Results<EmptyHttpResult, Problem>> StreamJournalAsync(
        string eventId, HttpContext context, Router router, RetryPolicy retry, long after = 0)
    {
        if (after < 0) return Problems.ValidationFailed(new Dictionary<string, string[]> { ["after"] = ["must be 0 or more"] });
        if (await StateOfAsync(eventId, retry) is null) return Problems.EventNotFound;

        context.Response.ContentType = "application/x-ndjson";
        var journal = router.For(eventId).Grains.GetGrain<IJournalGrain>(0);
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        while (await journal.Entries(eventId, after, PageSize) is { Length: > 0 } entries)
        {
            foreach (var entry in entries)
            {
                json.Reset();
                JsonSerializer.Serialize(json, EntryAnswer.Of(eventId, entry), WireJson.Default.EntryAnswer);
                context.Response.BodyWriter.Write("\n"u8);
            }
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            after = entries[^1].Sequence;
        }
        return TypedResults.Empty;
    }

    private enum EventCondition
    {
        Sound,
        Broken,
    }

    /// <summary>Null when there is no such event. A broken one is served from its rows, because its owner cannot answer.</summary>
    private static async Task<EventCondition?> StateOfAsync(string eventId, RetryPolicy retry)
    {
        if (!Identifiers.IsEventId(eventId)) return null;
        try
        {
            var status = await retry.AskAsync(eventId, grains => grains.TicketEvent(eventId).Status());
            return status is null ? null : EventCondition.Sound;
        }
        catch (EventBrokenException)
        {
            return EventCondition.Broken;
        }
    }

    private static async IAsyncEnumerable<ExportedReservationAnswer[]> ReservationsAsync(
        string eventId, Router router, EventCondition condition)
    {
        var grains = router.For(eventId).Grains;
        for (var after = 0L; await ReadAsync(after) is { Length: > 0 } page; after = page[^1].Reservation.Sequence)
            yield return Array.ConvertAll(page, one => ExportedReservationAnswer.Of(eventId, one));

        Task<ExportedReservation[]> ReadAsync(long after) => condition == EventCondition.Broken
            ? grains.GetGrain<IJournalGrain>(0).Export(eventId, after, BrokenPageSize)
            : grains.TicketEvent(eventId).Export(after, PageSize);
    }

    private static async Task WriteJsonArrayAsync(HttpResponse response, IAsyncEnumerable<ExportedReservationAnswer[]> pages)
    {
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        var count = 0;
        await foreach (var page in pages)
        {
            foreach (var answer in page)
            {
                if (count++ == 0) Begin();
                else response.BodyWriter.Write(","u8);
                json.Reset();
                JsonSerializer.Serialize(json, answer, WireJson.Default.ExportedReservationAnswer);
            }
            await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
        }
        if (count == 0) Begin();
        response.BodyWriter.Write("]}"u8);

        // Nothing is written before the first page is there: until then, trouble can still be answered as a problem.
        void Begin()
        {
            response.ContentType = "application/json; charset=utf-8";
            response.BodyWriter.Write("{\"data\":["u8);
        }
    }

    private static async Task WriteCsvAsync(HttpResponse response, IAsyncEnumerable<ExportedReservationAnswer[]> pages)
    {
        response.ContentType = "text/csv; charset=utf-8";
        await response.WriteAsync("reservationId,memberId,quantity,status,sequence,reservedAt,expiresAt\r\n");
        await foreach (var page in pages)
        {
            var text = new StringBuilder();
            foreach (var a in page)
            {
                // A spreadsheet would run a cell that begins like a formula.
                var member = a.MemberId[0] is '=' or '+' or '-' or '@' ? "'" + a.MemberId : a.MemberId;
                text.Append(CultureInfo.InvariantCulture,
                    $"{a.ReservationId},{member},{a.Quantity},{a.Status.ToString().ToUpperInvariant()},{a.Sequence},{a.ReservedAt:yyyy-MM-ddTHH:mm:ss.ffffffZ},{a.ExpiresAt:yyyy-MM-ddTHH:mm:ss.ffffffZ}\r\n");
            }
            await response.WriteAsync(text.ToString(), response.HttpContext.RequestAborted);
        }
    }
}

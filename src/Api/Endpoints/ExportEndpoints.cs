using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using BoxOffice.Api.Audit;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Routing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxOffice.Api.Endpoints;

/// <summary>
/// The calls of operators that read an event as a whole: its reservations, its journal, and their comparison.
/// </summary>
internal static class ExportEndpoints
{
    private const string JsonType = "application/json; charset=utf-8";
    private const string CsvType = "text/csv; charset=utf-8";
    private const int PageSize = 2_000; // entries or reservations for each grain call
    private const int BrokenPageSize = 10_000; // the maximum, because each page replays all that can be replayed

    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin")
            .WithTags("Operators")
            .RequireAuthorization(AuthorizationPolicies.Operators)
            .WithProblems(403);
        admin.MapGet("/events/{eventId}/reservations", ExportAsync).WithSummary("Export reservations")
            .Produces<Answer<ExportedReservationAnswer[]>>(200, "application/json", "text/csv")
            .WithProblems(404, 422, 503)
            .WithMetadata(CompressedStream.Mark, AuditedEndpoint.Export.Mark);
        admin.MapGet("/events/{eventId}/journal", StreamJournalAsync).WithSummary("Stream the journal")
            .Produces<EntryAnswer>(contentType: "application/x-ndjson").WithProblems(400, 404, 422, 503)
            .WithMetadata(CompressedStream.Mark, AuditedEndpoint.Export.Mark);
        admin.MapGet("/events/{eventId}/reconcile", ReconcileAsync)
            .WithSummary("Compare owner, journal and database")
            .WithProblems(404, 503);
    }

    private static async Task<Results<Ok<Answer<Reconciliation>>, Problem>> ReconcileAsync(
        string eventId, Router router)
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
        if (format == "csv")
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"reservations-{eventId}.csv\"";
        if (HeadRequest.Is(context)) context.Response.ContentType = format == "csv" ? CsvType : JsonType;
        else if (format == "csv") await WriteCsvAsync(context.Response, answers);
        else await WriteJsonArrayAsync(context.Response, answers);
        return TypedResults.Empty;
    }

    private static async Task<Results<EmptyHttpResult, Problem>> StreamJournalAsync(
        string eventId, HttpContext context, Router router, RetryPolicy retry, long after = 0)
    {
        if (after < 0)
            return Problems.ValidationFailed(new Dictionary<string, string[]> { ["after"] = ["must be 0 or more"] });
        if (await StateOfAsync(eventId, retry) is null) return Problems.EventNotFound;

        context.Response.ContentType = "application/x-ndjson";
        if (HeadRequest.Is(context)) return TypedResults.Empty;
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

    /// <summary>
    /// Null when there is no such event. A broken event is read from its rows, because its owner cannot answer.
    /// </summary>
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
            yield return Array.ConvertAll(page, reservation => ExportedReservationAnswer.Of(eventId, reservation));

        Task<ExportedReservation[]> ReadAsync(long after) => condition == EventCondition.Broken
            ? grains.GetGrain<IJournalGrain>(0).Export(eventId, after, BrokenPageSize)
            : grains.TicketEvent(eventId).Export(after, PageSize);
    }

    private static async Task WriteJsonArrayAsync(
        HttpResponse response, IAsyncEnumerable<ExportedReservationAnswer[]> pages)
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

        // Nothing is written before the first page is there: until then, a failure can be answered as a problem.
        void Begin()
        {
            response.ContentType = JsonType;
            response.BodyWriter.Write("{\"data\":["u8);
        }
    }

    private static async Task WriteCsvAsync(HttpResponse response, IAsyncEnumerable<ExportedReservationAnswer[]> pages)
    {
        response.ContentType = CsvType;
        await response.WriteAsync("reservationId,memberId,quantity,status,sequence,reservedAt,expiresAt\r\n");
        await foreach (var page in pages)
        {
            var text = new StringBuilder();
            foreach (var a in page)
            {
                // A spreadsheet would run a cell that begins like a formula.
                var member = a.MemberId[0] is '=' or '+' or '-' or '@' ? "'" + a.MemberId : a.MemberId;
                var status = a.Status.ToString().ToUpperInvariant();
                text.Append(
                    CultureInfo.InvariantCulture, $"{a.ReservationId},{member},{a.Quantity},{status},{a.Sequence},");
                text.Append(CultureInfo.InvariantCulture,
                    $"{a.ReservedAt:yyyy-MM-ddTHH:mm:ss.ffffffZ},{a.ExpiresAt:yyyy-MM-ddTHH:mm:ss.ffffffZ}\r\n");
            }
            await response.WriteAsync(text.ToString(), response.HttpContext.RequestAborted);
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace BoxOffice.Testing.Faults;

/// <summary>A member with a token.</summary>
public sealed record Buyer(string MemberId, string Token)
{
    /// <summary>Lets an operator issue tokens for <c>prefix1 … prefixN</c>.</summary>
    public static async Task<Buyer[]> IssueAsync(Client admin, string prefix, int count) =>
        [
            .. (await admin.MembersAsync(prefix, count)).Select(
                (member, i) => new Buyer($"{prefix}{i + 1}", member.Token!)),
        ];
}

/// <summary>
/// Calls front-ends and records calls and answers. A complete 2xx is accepted; a problem with NOT_APPLIED, or a failed
/// connection, is refused; everything else is unknown.
/// </summary>
public sealed class RecordingClient : IDisposable
{
    private readonly History _history;
    private readonly HttpClient _http;

    /// <summary>
    /// Records into this history. A call without an answer within <paramref name="patience"/> has an unknown outcome.
    /// </summary>
    public RecordingClient(History history, TimeSpan? patience = null)
    {
        _history = history;
        _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), AllowAutoRedirect = false })
        {
            Timeout = patience ?? TimeSpan.FromSeconds(30),
        };
    }

    public Task<Operation> ReserveAsync(
        Uri frontEnd, Buyer buyer, string eventId, string? key = null, int quantity = 1, Phase phase = Phase.Sale) =>
        PostAsync(frontEnd, $"/ticket/reserve/{eventId}", buyer, JsonContent.Create(new { quantity }),
            new(Verb.Reserve, eventId, buyer.MemberId, key, quantity, 0, phase, frontEnd.Authority));

    public Task<Operation> ConfirmAsync(
        Uri frontEnd, Buyer buyer, string eventId, long sequence, Phase phase = Phase.Sale) =>
        PostAsync(frontEnd, $"/ticket/reservations/{eventId}-{sequence}/confirm", buyer, new ByteArrayContent([]),
            new(Verb.Confirm, eventId, buyer.MemberId, null, 0, sequence, phase, frontEnd.Authority));

    public Task<Operation> CancelAsync(
        Uri frontEnd, Buyer buyer, string eventId, long sequence, Phase phase = Phase.Sale) =>
        PostAsync(frontEnd, $"/ticket/reservations/{eventId}-{sequence}/cancel", buyer, new ByteArrayContent([]),
            new(Verb.Cancel, eventId, buyer.MemberId, null, 0, sequence, phase, frontEnd.Authority));

    public Task<Operation> StatusAsync(Uri frontEnd, string eventId, Phase phase = Phase.Sale) =>
        SendAsync(new(HttpMethod.Get, new Uri(frontEnd, $"/ticket/events/{eventId}")),
            new(Verb.Status, eventId, Phase: phase, FrontEnd: frontEnd.Authority));

    /// <summary>Lists a member's reservations, and records those of one event.</summary>
    public Task<Operation> MineAsync(Uri frontEnd, Buyer buyer, string eventId, Phase phase = Phase.Sale) =>
        SendAsync(Get(frontEnd, "/ticket/reservations", buyer.Token),
            new(Verb.Mine, eventId, buyer.MemberId, Phase: phase, FrontEnd: frontEnd.Authority));

    /// <summary>Reads one reservation.</summary>
    public Task<Operation> FindAsync(
        Uri frontEnd, Buyer buyer, string eventId, long sequence, Phase phase = Phase.Sale) =>
        SendAsync(Get(frontEnd, $"/ticket/reservations/{eventId}-{sequence}", buyer.Token),
            new(Verb.Find, eventId, buyer.MemberId, null, 0, sequence, phase, frontEnd.Authority));

    /// <summary>Lists all reservations of an event, as an operator.</summary>
    public Task<Operation> ExportAsync(Uri frontEnd, string operatorToken, string eventId, Phase phase = Phase.Sale) =>
        SendAsync(Get(frontEnd, $"/admin/events/{eventId}/reservations", operatorToken),
            new(Verb.Export, eventId, Phase: phase, FrontEnd: frontEnd.Authority));

    /// <summary>
    /// Retries a call through any front-end. With a key it is the same call; without one it is a new call.
    /// </summary>
    public Task<Operation> RepeatAsync(Uri frontEnd, Buyer buyer, Call call, Phase phase) => call.Verb switch
    {
        Verb.Reserve => ReserveAsync(frontEnd, buyer, call.EventId, call.Key, call.Quantity, phase),
        Verb.Confirm => ConfirmAsync(frontEnd, buyer, call.EventId, call.Sequence, phase),
        Verb.Cancel => CancelAsync(frontEnd, buyer, call.EventId, call.Sequence, phase),
        Verb.Mine => MineAsync(frontEnd, buyer, call.EventId, phase),
        Verb.Find => FindAsync(frontEnd, buyer, call.EventId, call.Sequence, phase),
        _ => StatusAsync(frontEnd, call.EventId, phase),
    };

    public void Dispose() => _http.Dispose();

    /// <param name="frontEnd">The front-end to call.</param>
    /// <param name="path">The path to call.</param>
    /// <param name="buyer">The caller.</param>
    /// <param name="content">Never null: HttpClient itself retries a POST without content when the connection
    /// breaks.</param>
    /// <param name="call">The call to record.</param>
    private Task<Operation> PostAsync(Uri frontEnd, string path, Buyer buyer, HttpContent content, Call call)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(frontEnd, path)) { Content = content };
        request.Headers.Add("x-access-token", buyer.Token);
        if (call.Key is not null) request.Headers.Add("Idempotency-Key", call.Key);
        return SendAsync(request, call);
    }

    private static HttpRequestMessage Get(Uri frontEnd, string path, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontEnd, path));
        request.Headers.Add("x-access-token", token);
        return request;
    }

    private async Task<Operation> SendAsync(HttpRequestMessage request, Call call)
    {
        using var sent = request;
        var operation = _history.Begin(call);
        return _history.End(operation, await AnswerAsync(request, call));
    }

    private async Task<Answer> AnswerAsync(HttpRequestMessage request, Call call)
    {
        try
        {
            using var reply = await _http.SendAsync(request);
            return Read(reply, await reply.Content.ReadAsStringAsync(), call);
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError is HttpRequestError.ConnectionError
                ? new(Outcome.Refused, Code: RefusalCodes.NotConnected)
                : new(Outcome.Unknown, Code: "CONNECTION_BROKEN");
        }
        catch (SocketException)
        {
            // .NET does not wrap this one: the peer was killed between connecting and the first read of its address.
            return new(Outcome.Refused, Code: RefusalCodes.NotConnected);
        }
        catch (OperationCanceledException)
        {
            return new(Outcome.Unknown, Code: "NO_ANSWER_IN_TIME");
        }
    }

    private static Answer Read(HttpResponseMessage reply, string text, Call call)
    {
        var http = (int)reply.StatusCode;
        try
        {
            using var body = JsonDocument.Parse(text);
            return reply.StatusCode == HttpStatusCode.OK
                ? ReadData(body.RootElement.GetProperty("data"), call)
                : ReadProblem(body.RootElement, http);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new(Outcome.Unknown, http, "NOT_READABLE");
        }
    }

    private static Answer ReadData(JsonElement data, Call call) => call.Verb switch
    {
        Verb.Status => new(Outcome.Ok, 200, Numbers: data.Deserialize<ReportedNumbers>(HistoryFile.Json)),
        Verb.Mine or Verb.Export => new(Outcome.Ok, 200, List: [.. data.EnumerateArray()
            .Select(row => row.Deserialize<ReportedReservation>(HistoryFile.Json)!)
            .Where(reservation => reservation.ReservationId == $"{call.EventId}-{reservation.Sequence}")]),
        Verb.Find => new(Outcome.Ok, 200, List: [data.Deserialize<ReportedReservation>(HistoryFile.Json)!]),
        _ => new(Outcome.Ok, 200, Reservation: data.Deserialize<ReportedReservation>(HistoryFile.Json)),
    };

    private static Answer ReadProblem(JsonElement problem, int http) => new(
        problem.GetProperty("outcome").GetString() == "NOT_APPLIED" ? Outcome.Refused : Outcome.Unknown,
        http,
        problem.GetProperty("code").GetString(),
        problem.TryGetProperty("available", out var available) ? available.GetInt32() : null);
}

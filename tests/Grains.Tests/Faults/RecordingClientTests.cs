using System.Net;
using System.Net.Sockets;
using System.Text;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>A recording client claims no more than it can know.</summary>
public sealed class RecordingClientTests : IDisposable
{
    private static readonly Buyer AnnWithToken = new(Ann, "token");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly History _history = new();
    private readonly RecordingClient _client;
    private int _requests;

    public RecordingClientTests()
    {
        _client = new(_history, TimeSpan.FromSeconds(2));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _client.Dispose();
        _history.Dispose();
    }

    [Fact]
    public async Task An_accepted_call_is_ok_with_what_was_told()
    {
        var operation = await ReserveAsync(Http("200 OK", """
            {"data":{"reservationId":"gala-2","eventId":"gala","quantity":1,"status":"HELD","sequence":2,
            "expiresAt":"2026-05-01T12:00:00Z"}}
            """));

        Assert.Equal(new Answer(Outcome.Ok, 200, Reservation: new("gala-2", 1, "HELD", 2, Noon)), operation.Answer);
        Assert.Equal(operation, Assert.Single(_history.Operations));
    }

    [Fact]
    public async Task Of_all_that_a_member_has_what_it_has_of_one_event_is_written_down()
    {
        _ = ServeAsync(Http("200 OK", """
            {"data":[
            {"reservationId":"gala-2","eventId":"gala","quantity":1,"status":"CONFIRMED","sequence":2,
            "expiresAt":null},
            {"reservationId":"ball-3","eventId":"ball","quantity":1,"status":"CONFIRMED","sequence":3,
            "expiresAt":null}]}
            """));

        var operation = await _client.MineAsync(Url, AnnWithToken, "gala");

        Assert.Equal([new ReportedReservation("gala-2", 1, "CONFIRMED", 2, null)], operation.Answer!.List!);
    }

    [Fact]
    public async Task A_problem_that_says_not_applied_is_refused()
    {
        var operation = await ReserveAsync(
            Http("409 Conflict", """{"code":"INSUFFICIENT","outcome":"NOT_APPLIED","available":3}"""));

        Assert.Equal(new Answer(Outcome.Refused, 409, "INSUFFICIENT", 3), operation.Answer);
    }

    [Fact]
    public async Task A_problem_that_says_unknown_is_unknown()
    {
        var operation = await ReserveAsync(
            Http("503 Service Unavailable", """{"code":"OUTCOME_UNKNOWN","outcome":"UNKNOWN"}"""));

        Assert.Equal(new Answer(Outcome.Unknown, 503, "OUTCOME_UNKNOWN"), operation.Answer);
    }

    [Theory]
    [InlineData("500 Internal Server Error", "oops")]
    [InlineData("409 Conflict", """{"code":"SOLD_OUT"}""")]
    [InlineData("200 OK", """{"data":""")]
    public async Task An_answer_that_cannot_be_read_is_unknown(string status, string body)
    {
        var operation = await ReserveAsync(Http(status, body));

        Assert.Equal((Outcome.Unknown, "NOT_READABLE"), (operation.Outcome, operation.Answer!.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":{}}")]
    public async Task A_connection_that_breaks_is_unknown_and_the_call_is_not_sent_again(string answer)
    {
        var reserve = await ReserveAsync(answer);
        var cancel = await _client.CancelAsync(Url, AnnWithToken, "gala", 2);

        Assert.Equal((Outcome.Unknown, "CONNECTION_BROKEN"), (reserve.Outcome, reserve.Answer!.Code));
        Assert.Equal((Outcome.Unknown, "CONNECTION_BROKEN"), (cancel.Outcome, cancel.Answer!.Code));
        Assert.Equal(2, _requests);
    }

    [Fact]
    public async Task A_call_that_is_not_answered_in_time_is_unknown()
    {
        var operation = await _client.ReserveAsync(Url, AnnWithToken, "gala", "k");

        Assert.Equal((Outcome.Unknown, "NO_ANSWER_IN_TIME"), (operation.Outcome, operation.Answer!.Code));
    }

    [Fact]
    public async Task A_call_without_a_server_was_not_sent()
    {
        var url = Url;
        _listener.Stop();

        var operation = await _client.ReserveAsync(url, AnnWithToken, "gala", "k");

        Assert.Equal((Outcome.Refused, "NOT_CONNECTED"), (operation.Outcome, operation.Answer!.Code));
    }

    private Uri Url => new($"http://{_listener.LocalEndpoint}");

    private Task<Operation> ReserveAsync(string answer)
    {
        _ = ServeAsync(answer);
        return _client.ReserveAsync(Url, AnnWithToken, "gala", "k");
    }

    /// <summary>Answers the request on each connection with this text, and then breaks the connection.</summary>
    private async Task ServeAsync(string answer)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            using var connection = await _listener.AcceptTcpClientAsync();
            for (var text = ""; !text.Contains('}')
                && !text.Contains("/cancel", StringComparison.Ordinal)
                && !text.StartsWith("GET", StringComparison.Ordinal);)
                text += Encoding.ASCII.GetString(buffer, 0, await connection.GetStream().ReadAsync(buffer));
            _requests++;
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        }
    }

    private static string Http(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.ASCII.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";
}

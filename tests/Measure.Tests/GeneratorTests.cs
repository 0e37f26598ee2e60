using System.Net;
using System.Net.Sockets;
using System.Text;
using BoxOffice.Measure.OpenLoop;

namespace BoxOffice.Measure.Tests;

/// <summary>The generator against a server that answers, waits or breaks.</summary>
public sealed class GeneratorTests
{
    private static readonly byte[] Sold = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    private static readonly byte[] SoldOut = Encoding.ASCII.GetBytes(
        "HTTP/1.1 409 Conflict\r\nContent-Length: 19\r\n\r\n{\"code\":\"SOLD_OUT\"}");

    [Fact]
    public async Task What_is_due_is_sent_and_every_answer_is_counted()
    {
        using var server = new Server((number, socket) => socket.SendAsync(number % 2 == 0 ? SoldOut : Sold));

        var report = await RunAsync(
            server, new(server.Url, "/", PerSecond: 500, Seconds: 1, Connections: 8, LeadSeconds: 0));

        Assert.InRange(report.Sent, 400, 600);
        Assert.Equal(report.Sent, report.Statuses[200] + report.Statuses[409]);
        Assert.Equal(report.Statuses[409], report.Codes["SOLD_OUT"]);
        Assert.Equal(report.Accepted, report.Latencies.Count);
        Assert.Equal(0, report.Failed + report.Unanswered + report.GaveUp);
    }

    [Fact]
    public async Task A_pause_of_the_server_is_charged_to_everybody_who_was_due_in_it()
    {
        // With one connection, closed loops see one slow answer; here half of the buyers of this second wait on average
        // a quarter.
        using var server = new Server(async (number, socket) =>
        {
            if (number == 1) await Task.Delay(500);
            await socket.SendAsync(Sold);
        });

        var report = await RunAsync(
            server, new(server.Url, "/", PerSecond: 400, Seconds: 1, Connections: 1, LeadSeconds: 0));

        Assert.InRange(report.Latencies.Percentile(60), 20_000, 700_000);
    }

    [Fact]
    public async Task A_buyer_whose_patience_is_over_gives_up()
    {
        using var server = new Server((_, _) => Task.CompletedTask); // never answers

        var report = await RunAsync(
            server,
            new(
                server.Url, "/", PerSecond: 200, Seconds: 0.5, Connections: 2, PatienceSeconds: 0.3,
                AnswerSeconds: 0.5));

        Assert.Equal(2, report.Sent);
        Assert.Equal(2, report.Unanswered);
        Assert.True(report.GaveUp > 0);
    }

    [Fact]
    public async Task A_broken_connection_is_a_failure_and_is_opened_again()
    {
        using var server = new Server((number, socket) =>
        {
            if (number > 3) return socket.SendAsync(Sold);
            socket.Dispose();
            return Task.CompletedTask;
        });

        var report = await RunAsync(
            server, new(server.Url, "/", PerSecond: 200, Seconds: 0.5, Connections: 2, LeadSeconds: 0));

        Assert.Equal(3, report.Failed);
        Assert.True(report.Accepted > 10);
    }

    [Fact]
    public async Task A_burst_asks_once_on_every_connection()
    {
        using var server = new Server((number, socket) => socket.SendAsync(number > 10 ? SoldOut : Sold));

        var report = await RunAsync(server, new(server.Url, "/", Connections: 50, LeadSeconds: 0));

        Assert.Equal(50, report.Sent);
        Assert.Equal(10, report.Accepted);
        Assert.Equal(40, report.Codes["SOLD_OUT"]);
        Assert.Equal(0, report.NotConnected + report.Failed + report.Unanswered);
    }

    [Fact]
    public async Task A_burst_against_a_closed_door_says_so()
    {
        var server = new Server((_, _) => Task.CompletedTask);
        server.Dispose();

        var report = await RunAsync(server, new(server.Url, "/", Connections: 5, LeadSeconds: 0));

        Assert.Equal(5, report.NotConnected);
        Assert.Equal(0, report.Sent);
    }

    private static async Task<OfferReport> RunAsync(Server server, OfferRequest request)
    {
        Assert.NotNull(server);
        using var generator = new OpenLoopGenerator(request);
        return await Task.Factory.StartNew(
            generator.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Answers the n-th request, from 1, as the test defines.</summary>
    private sealed class Server : IDisposable
    {
        private readonly Func<int, Socket, Task> _answerAsync;
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private int _requests;

        public Server(Func<int, Socket, Task> answerAsync)
        {
            _answerAsync = answerAsync;
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(512);
            Url = new($"http://{_listener.LocalEndPoint}");
            _ = AcceptAsync();
        }

        public Uri Url { get; }

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true) _ = ServeAsync(await _listener.AcceptAsync());
            }
            catch (SocketException)
            {
                // The test is over.
            }
            catch (ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task ServeAsync(Socket socket)
        {
            try
            {
                var buffer = new byte[4_096];
                while (await socket.ReceiveAsync(buffer) > 0)
                    await _answerAsync(Interlocked.Increment(ref _requests), socket);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The generator has gone, or the connection was broken on purpose.
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using BoxOffice.Api.RateLimiting;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed class ConnectionLimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly IPAddress Caller = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task A_connection_that_sends_nothing_is_closed_and_one_that_has_sent_a_request_is_kept()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("FirstRequestTimeout", "00:00:01"));
        using var silent = await ConnectAsync(host, Caller);
        using var used = await ConnectAsync(host, Caller);
        var first = await AskAsync(used);

        var isClosed = await EndsAsync(silent);
        using var later = await ConnectAsync(host, Caller); // ends when the first one has been idle for the limit
        await EndsAsync(later);
        var second = await AskAsync(used);

        Assert.True(isClosed);
        Assert.Equal(("HTTP/1.1 200 OK", "HTTP/1.1 200 OK"), (first, second));
    }

    [Fact]
    public async Task An_address_has_so_many_connections_and_no_more_until_one_ends()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("ConnectionsPerAddressMax", "3"));
        var taken = new List<TcpClient>();
        for (var i = 0; i < 3; i++) taken.Add(await ConnectAsync(host, Caller));
        foreach (var connection in taken) Assert.Equal("HTTP/1.1 200 OK", await AskAsync(connection));

        using var refused = await ConnectAsync(host, Caller);
        using var other = await ConnectAsync(host, IPAddress.Parse("127.0.0.3"));

        Assert.True(await EndsAsync(refused));
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(other));
        taken[0].Dispose();
        await Wait.UntilAsync("there is room again", async () =>
        {
            using var next = await ConnectAsync(host, Caller);
            return await AskAsync(next) == "HTTP/1.1 200 OK";
        });
        foreach (var connection in taken) connection.Dispose();
    }

    [Fact]
    public async Task The_connections_of_a_trusted_proxy_are_not_limited()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("ConnectionsPerAddressMax", "1"), ("FirstRequestTimeout", "00:00:01"), ("TrustedProxies", "127.0.0.2"));
        using var silent = await ConnectAsync(host, Caller);
        using var second = await ConnectAsync(host, Caller);
        using var stranger = await ConnectAsync(host, IPAddress.Parse("127.0.0.3"));

        Assert.True(await EndsAsync(stranger)); // the limit of time has passed
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(silent));
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(second));
    }

    [Fact]
    public async Task A_silent_connection_does_not_delay_a_stop()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();
        using var silent = await ConnectAsync(host, Caller);

        await host.StopAsync().WaitAsync(Patience);

        Assert.True(await EndsAsync(silent));
    }

    [Fact]
    public async Task What_is_in_use_is_counted_exactly_and_callers_without_any_are_not_kept()
    {
        var counts = new UseCounts();

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 1_000).Count(_ => counts.TryTake("ann", 500)))));
        var other = counts.TryTake("bob", 1);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++) counts.Release("ann");
        })));

        Assert.Equal((500, true), (taken.Sum(), other));
        Assert.Equal(1, counts.Callers); // bob
        Assert.True(counts.TryTake("ann", 1));
        Assert.False(counts.TryTake("ann", 1));
    }

    private static async Task<TcpClient> ConnectAsync(BoxOfficeHost host, IPAddress from)
    {
        var connection = new TcpClient(new IPEndPoint(from, 0));
        try
        {
            await connection.ConnectAsync(IPAddress.Loopback, host.Url.Port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It was closed before .NET saw that it was open; the next read says so, too.
        }
        return connection;
    }

    /// <summary>Sends a request. Returns the status line, or null when the connection has ended.</summary>
    private static async Task<string?> AskAsync(TcpClient connection)
    {
        try
        {
            var stream = connection.GetStream();
            await stream.WriteAsync("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            var (buffer, answer) = (new byte[4_096], "");
            while (!answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal)) // the last chunk
            {
                var length = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
                if (length == 0) return null;
                answer += Encoding.ASCII.GetString(buffer, 0, length);
            }
            return answer.Split("\r\n")[0];
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>True when the server ends the connection without a word.</summary>
    private static async Task<bool> EndsAsync(TcpClient connection)
    {
        try
        {
            return await connection.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(Patience) == 0;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return true; // reset, or never connected
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// The memory of an idle connection at a front-end, and of a reservation of an open event at a silo. Cluster form, with
/// one silo and one front-end.
/// </summary>
internal static class Memory
{
    private const int Connections = 8_000; // well below a usual limit of 20,000 open files at both ends
    private const int ConnectedAtOnce = 64;
    private const int SellingSeconds = 10;
    private const int Rounds = 3;
    private const int Unlimited = 100_000_000;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(PostgresServer postgres)
    {
        await using var crowd = await Crowd.GatherAsync(postgres, silos: 1);
        await crowd.OpenAsync("event-", 1, Unlimited);
        await crowd.BuyAsync(new("event-", 1), SellingSeconds); // warm
        Console.WriteLine("\n| | round | | memory | for each |\n|---|---|---|---|---|");
        for (var round = 1; round <= Rounds; round++)
        {
            await WeighConnectionsAsync(crowd, round);
            await WeighReservationsAsync(crowd, round);
        }
    }

    /// <summary>Measures connections after one call each, as of buyers' pages before the opening.</summary>
    private static async Task WeighConnectionsAsync(Crowd crowd, int round)
    {
        await Task.Delay(Settling);
        var before = (await crowd.MebibytesAsync()).FrontEnd;
        var open = new List<Socket>(Connections);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = ConnectedAtOnce };
            await Parallel.ForAsync(0, Connections, options, async (_, _) =>
            {
                var socket = await AskOnceAsync(crowd.Cluster.Urls[0]);
                lock (open) open.Add(socket);
            });
            await Task.Delay(Settling);
            var after = (await crowd.MebibytesAsync()).FrontEnd;
            Print("idle connection, front-end, resident", round, Connections, after - before);
        }
        finally
        {
            foreach (var socket in open) socket.Dispose();
        }
    }

    private static async Task WeighReservationsAsync(Crowd crowd, int round)
    {
        var (objects, silo, _) = await crowd.MebibytesAsync();
        var sold = await crowd.SoldAsync();
        await crowd.BuyAsync(new("event-", 1), SellingSeconds);
        var more = await crowd.SoldAsync() - sold;
        var (objectsAfter, siloAfter, _) = await crowd.MebibytesAsync();
        Print("reservation, silo, objects after a collection", round, more, objectsAfter - objects);
        Print("reservation, silo, resident", round, more, siloAfter - silo);
    }

    private static async Task<Socket> AskOnceAsync(Uri url)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, url.Port);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET /ticket/events/event-1 HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n"));
        var answer = new byte[2_048]; // the answer is smaller, and arrives in one segment
        var length = await socket.ReceiveAsync(answer);
        if (!answer.AsSpan(0, length).StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException(Encoding.ASCII.GetString(answer, 0, length));
        return socket;
    }

    private static void Print(string what, int round, long count, double mebibytes) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {what} | {round} | {count:N0} | {mebibytes:F1} MiB | {mebibytes * (1 << 20) / count:N0} B |"));
}

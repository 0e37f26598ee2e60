using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// The cost of thousands of streams of one event at a front-end, idle and during a sale, and the delay until all
/// streams have a sale's numbers. Cluster form, with one silo and one front-end.
/// </summary>
internal static class Listeners
{
    // a front-end allows 10,000; well below a usual limit of 20,000 open files
    private const int Count = 8_000;
    private const int ConnectedAtOnce = 64;
    private const int Rounds = 3;
    private const int WatchedSeconds = 20; // a keep-alive comes every 15 s
    private const int SingleSales = 10;
    private const int Buyers = 100; // so many that none exceeds the rate limit

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenSales = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KnownAtLast = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(PostgresServer postgres)
    {
        await using var crowd = await Crowd.GatherAsync(postgres, silos: 1);
        await crowd.OpenAsync("event-", 1, capacity: 1_000_000);
        var buyers = await crowd.Admin.MembersAsync("buyer", Buyers);
        Console.WriteLine(
            "\n| round | listeners | memory for each | nothing happens | 20 sales a second | numbers written "
            + "| each costs | all know of one sale after |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        for (var round = 1; round <= Rounds; round++)
        {
            await SellAsync(buyers, TimeSpan.FromSeconds(2)); // warm
            await Task.Delay(Settling);
            var memory = (await crowd.MebibytesAsync()).FrontEnd;
            var idleWithout = await SpentAsync(crowd, Task.Delay(TimeSpan.FromSeconds(WatchedSeconds)));
            var saleWithout = await SpentAsync(crowd, SellAsync(buyers, TimeSpan.FromSeconds(WatchedSeconds)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {round} | none | | {idleWithout:F0} ms | {saleWithout:F0} ms | | | |"));

            await using var watching = await Watching.BeginAsync(crowd.Cluster.Urls[0]);
            await Task.Delay(Settling);
            memory = (await crowd.MebibytesAsync()).FrontEnd - memory;
            var idle = await SpentAsync(crowd, Task.Delay(TimeSpan.FromSeconds(WatchedSeconds)));
            var before = watching.NumbersSeen;
            var sale = await SpentAsync(crowd, SellAsync(buyers, TimeSpan.FromSeconds(WatchedSeconds)));
            var perSecond = (double)(watching.NumbersSeen - before) / WatchedSeconds;

            var known = new List<TimeSpan>();
            for (var i = 0; i < SingleSales; i++)
            {
                await Task.Delay(Settling);
                known.Add(await watching.UntilAllKnowAsync(() => buyers[0].ReserveAsync("event-1")));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {round} | {Count:N0} | {memory * 1024 / Count:F1} KiB | {idle:F0} ms | {sale:F0} ms "
                + $"| {perSecond:N0} /s | {(sale - saleWithout) * 1_000 / perSecond:F1} µs "
                + $"| {known.Min().TotalMilliseconds:F0} to {known.Max().TotalMilliseconds:F0} ms |"));
        }
    }

    /// <summary>The front-end's processor time in milliseconds for each second, until the task ends.</summary>
    private static async Task<double> SpentAsync(Crowd crowd, Task until)
    {
        var ids = crowd.Cluster.FrontEnds.Select(frontEnd => frontEnd.Process.Id).ToList();
        var (begun, before) = (Stopwatch.GetTimestamp(), ProcessorTime.Of(ids));
        await until;
        return (ProcessorTime.Of(ids) - before).TotalMilliseconds / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task SellAsync(Client[] buyers, TimeSpan length)
    {
        var sold = 0;
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(BetweenSales);
        while (Stopwatch.GetElapsedTime(begun) < length)
        {
            await timer.WaitForNextTickAsync();
            if ((await buyers[sold++ % buyers.Length].ReserveAsync("event-1")).Code is { } code)
                throw new InvalidOperationException($"A sale was refused: {code}");
        }
    }

    /// <summary>All streams, and the numbers read from them.</summary>
    private sealed class Watching : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<Task> _readers = [];
        private volatile Awaited? _awaited;
        private long _numbersSeen;
        private long _latestId;

        /// <summary>Numbers that all listeners together have read.</summary>
        public long NumbersSeen => Interlocked.Read(ref _numbersSeen);

        public static async Task<Watching> BeginAsync(Uri url)
        {
            var watching = new Watching();
            var options = new ParallelOptions { MaxDegreeOfParallelism = ConnectedAtOnce };
            await Parallel.ForAsync(0, Count, options, async (_, _) =>
            {
                var lines = await ListenAsync(url);
                lock (watching._readers) watching._readers.Add(watching.ReadAsync(lines));
            });
            return watching;
        }

        /// <summary>The time from a call until the last listener has read its effect.</summary>
        public async Task<TimeSpan> UntilAllKnowAsync(Func<Task> sellAsync)
        {
            var awaited = new Awaited(Interlocked.Read(ref _latestId) + 1);
            _awaited = awaited;
            var begun = Stopwatch.GetTimestamp();
            await sellAsync();
            await awaited.All.WaitAsync(KnownAtLast);
            return Stopwatch.GetElapsedTime(begun, awaited.LastAt);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_readers);
            _stop.Dispose();
        }

        private static async Task<StreamReader> ListenAsync(Uri url)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, url.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"GET /ticket/events/event-1/stream HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n"));
            var lines = new StreamReader(new NetworkStream(socket, ownsSocket: true), Encoding.ASCII, false, 512);
            var status = await lines.ReadLineAsync();
            return status == "HTTP/1.1 200 OK" ? lines : throw new InvalidOperationException(status);
        }

        private async Task ReadAsync(StreamReader lines)
        {
            using var connection = lines;
            Awaited? seen = null;
            try
            {
                while (await lines.ReadLineAsync(_stop.Token) is { } line)
                {
                    if (!line.StartsWith("id: ", StringComparison.Ordinal)) continue;
                    var id = long.Parse(line.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture);
                    Interlocked.Increment(ref _numbersSeen);
                    Interlocked.Exchange(ref _latestId, id);
                    if (_awaited is not { } awaited || awaited == seen || id < awaited.Id) continue;
                    seen = awaited;
                    awaited.Arrived();
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            throw new InvalidOperationException("A stream ended.");
        }
    }

    /// <summary>A version that all listeners wait for.</summary>
    private sealed class Awaited(long id)
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing = Count;

        public long Id => id;

        public Task All => _all.Task;

        public long LastAt { get; private set; }

        public void Arrived()
        {
            if (Interlocked.Decrement(ref _missing) > 0) return;
            LastAt = Stopwatch.GetTimestamp();
            _all.SetResult();
        }
    }
}

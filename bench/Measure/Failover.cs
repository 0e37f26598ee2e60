using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// The effect of a lost silo on buyers. Each of many events has one buyer after the other, with a key; each retries
/// until it has a definite answer. The figure is each event's longest time without a sale.
/// </summary>
internal static class Failover
{
    private const int Events = 24;
    private const int Rounds = 3;
    private const int Members = 2_000; // so many that no member exceeds the rate limit

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(PostgresServer postgres, string[] faults)
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(await postgres.CreateDatabaseAsync());
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
        var tokens = (await admin.MembersAsync("buyer", Members)).Select(member => member.Token!).ToArray();
        for (var i = 0; i < Events; i++)
            await admin.PostAsync("/admin/events",
                new { id = $"event-{i}", name = "Failover", capacity = 1_000_000, maxPerMember = 1_000_000 });

        Console.WriteLine(
            "\n| fault | events of that silo | longest without a sale: worst, median | events of the others "
            + "| worst, median | told 503 | of |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var fault in faults.Length > 0 ? faults : ["SIGTERM", "SIGKILL", "SIGSTOP"])
        {
            for (var round = 0; round < Rounds; round++)
                await MeasureAsync(fault, cluster, tokens, round % cluster.Silos.Count);
        }
    }

    private static async Task MeasureAsync(string fault, BoxOfficeCluster cluster, string[] tokens, int victim)
    {
        var events = Enumerable.Range(0, Events).Select(i => $"event-{i}").ToList();
        // gives each event an owner
        await Task.WhenAll(events.Select(id => new Client(cluster.Urls[0]).GetAsync($"/ticket/events/{id}")));
        var owners = await cluster.OwnersOfAsync(events);
        using var stop = new CancellationTokenSource();
        var queues = events.Select(id => new Queue(cluster, id, tokens)).ToList();
        var sale = Task.WhenAll(queues.Select(queue => queue.SellAsync(stop.Token)));
        await Task.Delay(Before);

        var silo = cluster.Silos[victim];
        var since = Stopwatch.GetTimestamp();
        if (fault == "SIGTERM") await silo.StopAsync();
        else if (fault == "SIGKILL") await silo.KillAsync();
        else silo.Freeze();
        await Task.Delay(fault == "SIGSTOP" ? Frozen : Watched - Stopwatch.GetElapsedTime(since));
        await stop.CancelAsync();
        await sale;

        var mine = queues.Where(queue => owners[queue.EventId] == victim)
            .Select(queue => queue.LongestGap(since)).Order().ToList();
        var others = queues.Where(queue => owners[queue.EventId] != victim)
            .Select(queue => queue.LongestGap(since)).Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {fault} | {mine.Count} | {Show(mine)} | {others.Count} | {Show(others)} "
            + $"| {queues.Sum(queue => queue.Failed)} | {queues.Sum(queue => queue.Calls)} |"));

        if (fault == "SIGSTOP") silo.Thaw();
        await silo.Process.ExitAsync(TimeSpan.FromMinutes(1)); // a silo that the others declared dead ends itself
        await silo.StartAsync();
        await cluster.ReadyAsync();
    }

    private static string Show(List<TimeSpan> sorted) => sorted.Count == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture,
            $"{sorted[^1].TotalSeconds:F2} s, {sorted[sorted.Count / 2].TotalSeconds:F2} s");

    /// <summary>The buyers of one event.</summary>
    private sealed class Queue(BoxOfficeCluster cluster, string eventId, string[] tokens)
    {
        private readonly ConcurrentQueue<long> _soldAt = new();

        public string EventId => eventId;

        public int Calls { get; private set; }

        public int Failed { get; private set; }

        public async Task SellAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var key = Guid.NewGuid().ToString("N");
                var token = Random.Shared.GetItems(tokens, 1)[0];
                for (var attempt = 0; !stop.IsCancellationRequested; attempt++)
                {
                    var url = cluster.Urls[(Calls + attempt) % cluster.Urls.Count];
                    var reply = await new Client(url, token).ReserveAsync(eventId, key: key);
                    Calls++;
                    if (reply.Status == HttpStatusCode.OK) break;
                    Failed++;
                }
                _soldAt.Enqueue(Stopwatch.GetTimestamp());
                await Task.Delay(Pause, CancellationToken.None);
            }
        }

        public TimeSpan LongestGap(long since)
        {
            var moments = _soldAt.Where(at => at > since).Prepend(since).ToList();
            return moments.Zip(moments.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b)).Append(TimeSpan.Zero).Max();
        }
    }
}

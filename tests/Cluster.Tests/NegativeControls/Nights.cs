using BoxOffice.Testing;
using BoxOffice.Testing.Faults;
using Npgsql;

namespace BoxOffice.Cluster.Tests.NegativeControls;

/// <summary>
/// Nights, each with a fault that one mechanism handles. They wait for observed conditions and never for a time, so
/// that the fault is the same with every silo.
/// </summary>
internal static class Nights
{
    public const string ReplayAtActivation = "replay-at-activation";

    /// <summary>
    /// The owner is killed during a sale, and restarted. Later, buyers repeat their earlier purchases.
    /// </summary>
    public static async Task<Verdict> OfAKilledOwnerAsync(string database, string? without)
    {
        using var night = Night.Begin(database);
        // Calls without an owner end soon: without a replay all of them are of that kind.
        var soon = new Dictionary<string, string> { ["ResponseTimeout"] = "00:00:02" };
        await using var cluster = await Night.StartAsync(database, without, new(Settings: soon));
        var buyers = await Night.OpenAsync(cluster.Urls[0], capacity: 100_000, buyers: 64);
        var shape = new WorkloadShape { Clients = 32, RepeatsMax = 0, EndingPatience = TimeSpan.FromSeconds(12) };
        await using var workload = Workload.Start(cluster.Urls, buyers, shape, night.History);

        await night.StoredAsync(entries: 300);
        await cluster.Silos[0].KillAsync();
        var bought = night.History.Operations.Where(operation => operation.IsOk && operation.Call.Key is not null)
            .Take(100).ToList();
        await cluster.Silos[0].StartAsync();
        // An owner without a replay does not take over: it answers with failures only.
        if (without == ReplayAtActivation) await night.IsAnsweredAsync();
        else await night.HasOwnerAsync(cluster.Urls[0]);
        await workload.StopAsync();
        var buyerOf = buyers.ToDictionary(buyer => buyer.MemberId);
        await Task.WhenAll(bought.Select(purchase => night.Client.RepeatAsync(
            cluster.Urls[0], buyerOf[purchase.Call.MemberId], purchase.Call, Phase.Healed)));

        Assert.True(bought.Count == 100, $"only {bought.Count} purchases before the kill");
        return await night.AuditAsync();
    }

    /// <summary>
    /// Two clusters own one event at the same head. One sells all tickets, and then the other sells too.
    /// </summary>
    public static async Task<Verdict> OfTwoOwnersAsync(string database, string? without)
    {
        using var night = Night.Begin(database);
        await using var left = await Night.StartAsync(database, without, new(ClusterId: "left"));
        await using var right = await Night.StartAsync(database, without, new(ClusterId: "right"));
        var buyers = await Night.OpenAsync(left.Urls[0], capacity: 30, buyers: 60);
        await night.HasOwnerAsync(left.Urls[0]);
        await night.HasOwnerAsync(right.Urls[0]);

        var sold = await night.ReserveAsync(left.Urls[0], buyers[..30], key: "k");
        await night.ReserveAsync(right.Urls[0], buyers[30..], key: "k");

        Assert.All(sold, sale => Assert.True(sale.IsOk, sale.ToString()));
        return await night.AuditAsync();
    }

    /// <summary>
    /// Two clusters own one event. The first sells out and refuses. Then the second cancels reservations and sells a
    /// ticket, which its buyer reads and confirms at the first.
    /// </summary>
    public static async Task<Verdict> OfAReplacedOwnerAsync(string database, string? without)
    {
        using var night = Night.Begin(database);
        await using var left = await Night.StartAsync(database, without, new(ClusterId: "left"));
        await using var right = await Night.StartAsync(database, without, new(ClusterId: "right"));
        var buyers = await Night.OpenAsync(right.Urls[0], capacity: 4, buyers: 6);

        var sold = await night.ReserveAsync(right.Urls[0], buyers[..4]);
        var refused = await night.ReserveAsync(right.Urls[0], buyers[4..5]);
        await night.HasOwnerAsync(left.Urls[0]);
        var cancelled = await Task.WhenAll(sold.Take(2).Zip(buyers, (sale, buyer) =>
            night.Client.CancelAsync(left.Urls[0], buyer, Night.Gala, sale.ReservationSequence)));
        var late = await night.Client.ReserveAsync(left.Urls[0], buyers[4], Night.Gala, key: "late");
        await night.Client.FindAsync(right.Urls[0], buyers[4], Night.Gala, late.ReservationSequence);
        await night.Client.ConfirmAsync(right.Urls[0], buyers[4], Night.Gala, late.ReservationSequence);
        // A refusal may reflect a state as old as the slack. A call after it must see the cancellations.
        var over = night.History.Now + new AuditOptions().Slack;
        await Wait.UntilAsync("the slack is over", () => Task.FromResult(night.History.Now > over));
        await night.ReserveAsync(right.Urls[0], buyers[5..]);

        Assert.Equal("SOLD_OUT", Assert.Single(refused).Answer!.Code);
        Assert.All([.. cancelled, late], call => Assert.True(call.IsOk, call.ToString()));
        return await night.AuditAsync();
    }

    /// <summary>
    /// The database loses the last, unacknowledged entry under a running owner, as in a failover to a standby without
    /// it. The sale goes on.
    /// </summary>
    public static async Task<Verdict> OfALostEntryAsync(string database, string? without)
    {
        using var night = Night.Begin(database);
        await using var cluster = await Night.StartAsync(database, without);
        var buyers = await Night.OpenAsync(cluster.Urls[0], capacity: 8, buyers: 8);
        await night.ReserveAsync(cluster.Urls[0], buyers[..4], key: "k");
        await cluster.Silos[0].StopAsync();
        await cluster.Silos[0].StartAsync();
        await night.HasOwnerAsync(cluster.Urls[0]);
        // a retry: the new owner takes over before it answers
        await night.ReserveAsync(cluster.Urls[0], buyers[..1], key: "k");

        await night.LoseLastAsync(StoredKind.TakenOver);
        await night.ReserveAsync(cluster.Urls[0], buyers[4..6], key: "k");
        await night.ReserveAsync(cluster.Urls[0], buyers, key: "k");

        return await night.AuditAsync();
    }

    /// <summary>
    /// An event sells, and snapshots are taken. Then a backup from before its first sale is restored, while the
    /// snapshots stay, and other buyers buy as many tickets. After a restart they repeat their purchases.
    /// </summary>
    public static async Task<Verdict> OfAReplacedJournalAsync(string database, string? without)
    {
        const int PartEntries = 10, Buyers = 24;
        var snapshots = new ClusterShape(
            Settings: new Dictionary<string, string> { ["SnapshotEntries"] = $"{PartEntries}" });
        using var forgotten = Night.Begin(database);
        using var night = Night.Begin(database);
        Buyer[] buyers;
        await using (var before = await Night.StartAsync(database, without: null, snapshots))
        {
            buyers = await Night.OpenAsync(before.Urls[0], capacity: 1_000, buyers: 2 * Buyers);
            await forgotten.ReserveAsync(before.Urls[0], buyers[..Buyers], key: "k");
            await forgotten.HasSnapshotAsync(upTo: 2 * PartEntries);
        }
        await forgotten.LoseAllButTheFirstAsync();
        // The default part is larger: this cluster takes no snapshot.
        await using (var after = await Night.StartAsync(database, without: null))
            await night.ReserveAsync(after.Urls[0], buyers[Buyers..], key: "k");

        await using var last = await Night.StartAsync(database, without, snapshots);
        await night.HasOwnerAsync(last.Urls[0]);
        await night.ReserveAsync(last.Urls[0], buyers[Buyers..], key: "k");

        return await night.AuditAsync();
    }

    /// <summary>
    /// The database stores sales, and its replies are lost. Twice it heals as soon as a sale is stored, and once only
    /// after all calls have their answers.
    /// </summary>
    public static async Task<Verdict> OfLostRepliesAsync(string database, string? without)
    {
        using var night = Night.Begin(database);
        await using var proxy = new LossyProxy(new NpgsqlConnectionStringBuilder(database).Port);
        var lossy = new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ConnectionString;
        // One writer, which earlier sales have connected: a second one could not connect, and would store nothing.
        var oneWriter = new Dictionary<string, string> { ["JournalWriters"] = "1" };
        await using var cluster = await Night.StartAsync(
            lossy, without, new(FrontEndConnectionString: database, Settings: oneWriter));
        var (frontEnd, buyers) = (cluster.Urls[0], await Night.OpenAsync(cluster.Urls[0], capacity: 1_000, buyers: 61));

        await LoseRepliesAsync(buyers[..20], key: "k", untilAllAnswered: false);
        await LoseRepliesAsync(buyers[20..40], key: null, untilAllAnswered: false);
        await LoseRepliesAsync(buyers[40..60], key: null, untilAllAnswered: true);
        return await night.AuditAsync();

        async Task LoseRepliesAsync(Buyer[] callers, string? key, bool untilAllAnswered)
        {
            var stored = await night.StoredCountAsync();
            proxy.SwallowsReplies = true;
            var calls = night.ReserveAsync(frontEnd, callers, key);
            await night.StoredAsync(stored + 1);
            if (untilAllAnswered) await calls;
            proxy.SwallowsReplies = false;
            await calls;
            await night.SellsAsync(frontEnd, buyers[60]);
        }
    }
}

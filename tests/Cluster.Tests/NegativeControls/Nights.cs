using BoxOffice.Testing;
using BoxOffice.Testing.Faults;
using Npgsql;

namespace BoxOffice.Cluster.Tests.NegativeControls;

/// <summary>
/// Nights, each with a trouble that some mechanism is there for. They wait for what they see and never for a while, so
/// that the trouble is the same every time, whichever silo lives through it.
/// </summary>
internal static class Nights
{
    public const string ReplayAtActivation = "replay-at-activation";

    /// <summary>In mid-sale the owner is killed, and comes back. Later, everybody repeats what was bought before.</summary>
    public static async Task<Verdict> OfAKilledOwnerAsync(string database, string? without)
    {
        using var night = Night.Begin(database);
        await using var cluster = await Night.StartAsync(database, without);
        var buyers = await Night.OpenAsync(cluster.Urls[0], capacity: 100_000, buyers: 64);
        var shape = new WorkloadShape { Visitors = 32, RepeatsMax = 0, EndingPatience = TimeSpan.FromSeconds(12) };
        await using var workload = Workload.Start(cluster.Urls, buyers, shape, night.History);

        await night.StoredAsync(entries: 300);
        await cluster.Silos[0].KillAsync();
        var bought = night.History.Operations.Where(one => one.IsOk && one.Call.Key is not null).Take(100).ToList();
        await cluster.Silos[0].StartAsync();
        // An owner that did not replay takes nothing over, so it tells nothing: there is an answer, but never a good one.
        if (without == ReplayAtActivation) await night.IsAnsweredAsync();
        else await night.HasOwnerAsync(cluster.Urls[0]);
        await workload.StopAsync();
        await Task.WhenAll(bought.Select(one => night.Client.RepeatAsync(
            cluster.Urls[0], buyers.Single(buyer => buyer.MemberId == one.Call.MemberId), one.Call, Phase.Healed)));

        Assert.True(bought.Count == 100, $"only {bought.Count} were bought before the kill");
        return await night.AuditAsync();
    }

    /// <summary>Two clusters own one event at the same head. One sells all of it; then the other sells, too.</summary>
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

        Assert.All(sold, one => Assert.True(one.IsOk, one.ToString()));
        return await night.AuditAsync();
    }

    /// <summary>
    /// Two clusters own one event. The one sells out and refuses; then the other gives tickets back and sells one, which its
    /// buyer looks at, and confirms, at the first.
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
        var givenBack = await Task.WhenAll(sold.Take(2).Zip(buyers).Select(one =>
            night.Client.CancelAsync(left.Urls[0], one.Second, Night.Gala, one.First.ReservationSequence)));
        var late = await night.Client.ReserveAsync(left.Urls[0], buyers[4], Night.Gala, key: "late");
        await night.Client.FindAsync(right.Urls[0], buyers[4], Night.Gala, late.ReservationSequence);
        await night.Client.ConfirmAsync(right.Urls[0], buyers[4], Night.Gala, late.ReservationSequence);
        // A refusal may be as old as the slack: what is asked after it must see what was given back before.
        var over = night.History.Now + new AuditOptions().Slack;
        await Wait.UntilAsync("the slack is over", () => Task.FromResult(night.History.Now > over));
        await night.ReserveAsync(right.Urls[0], buyers[5..]);

        Assert.Equal("SOLD_OUT", Assert.Single(refused).Answer!.Code);
        Assert.All([.. givenBack, late], one => Assert.True(one.IsOk, one.ToString()));
        return await night.AuditAsync();
    }

    /// <summary>
    /// The database loses the last entry, of which no buyer was told, beneath a running owner, as in a failover to a standby
    /// that did not have it. The sale goes on.
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
        await night.ReserveAsync(cluster.Urls[0], buyers[..1], key: "k"); // a repeat: the new owner takes over before it answers

        await night.LoseLastAsync(StoredKind.TakenOver);
        await night.ReserveAsync(cluster.Urls[0], buyers[4..6], key: "k");
        await night.ReserveAsync(cluster.Urls[0], buyers, key: "k");

        return await night.AuditAsync();
    }

    /// <summary>
    /// An event sells, and snapshots are taken of it. Then a backup from before its first sale is restored, beneath which the snapshots stay,
    /// and other buyers buy as many tickets. After a restart they repeat what they bought.
    /// </summary>
    public static async Task<Verdict> OfAReplacedJournalAsync(string database, string? without)
    {
        const int PartEntries = 10, Buyers = 24;
        var snapshots = new ClusterShape(Settings: new Dictionary<string, string> { ["SnapshotEntries"] = $"{PartEntries}" });
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
        await using (var after = await Night.StartAsync(database, without: null)) // it is too small for a snapshot there
            await night.ReserveAsync(after.Urls[0], buyers[Buyers..], key: "k");

        await using var last = await Night.StartAsync(database, without, snapshots);
        await night.HasOwnerAsync(last.Urls[0]);
        await night.ReserveAsync(last.Urls[0], buyers[Buyers..], key: "k");

        return await night.AuditAsync();
    }

    /// <summary>
    /// The database carries out sales, and its replies are lost: twice it heals as soon as a sale is stored, and once only when
    /// everybody has been told something.
    /// </summary>
    public static async Task<Verdict> OfLostRepliesAsync(string database, string? without)
    {
        using var night = Night.Begin(database);
        await using var proxy = new LossyProxy(new NpgsqlConnectionStringBuilder(database).Port);
        var lossy = new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port }.ConnectionString;
        // One writer, which the sale before has connected: a second one would fail to connect, and do nothing.
        var oneWriter = new Dictionary<string, string> { ["JournalWriters"] = "1" };
        await using var cluster = await Night.StartAsync(lossy, without, new(FrontEndConnectionString: database, Settings: oneWriter));
        var (frontEnd, buyers) = (cluster.Urls[0], await Night.OpenAsync(cluster.Urls[0], capacity: 1_000, buyers: 61));

        await LoseRepliesAsync(buyers[..20], key: "k", untilAllAreTold: false);
        await LoseRepliesAsync(buyers[20..40], key: null, untilAllAreTold: false);
        await LoseRepliesAsync(buyers[40..60], key: null, untilAllAreTold: true);
        return await night.AuditAsync();

        async Task LoseRepliesAsync(Buyer[] some, string? key, bool untilAllAreTold)
        {
            var stored = await night.StoredCountAsync();
            proxy.SwallowsReplies = true;
            var calls = night.ReserveAsync(frontEnd, some, key);
            await night.StoredAsync(stored + 1);
            if (untilAllAreTold) await calls;
            proxy.SwallowsReplies = false;
            await calls;
            await night.SellsAsync(frontEnd, buyers[60]);
        }
    }
}

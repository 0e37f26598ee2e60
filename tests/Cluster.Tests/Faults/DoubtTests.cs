using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Nights with unknown append outcomes, and with two owners of one event.</summary>
public sealed class DoubtTests
{
    [Fact]
    public async Task Every_promise_is_kept_when_commit_replies_are_lost()
    {
        await using var setup = await FaultCluster.OpenAsync(isLossy: true);

        // The fault waits for owners with an unknown outcome. Buyers need not notice it: front-ends retry calls with a
        // key.
        await Night.PlayAsync(setup, DatabaseFaults.LoseRepliesAsync);
    }

    [Fact]
    public async Task Two_clusters_that_sell_the_same_events_sell_each_ticket_once()
    {
        await using var setup = await FaultCluster.OpenAsync();
        await using var rival = await BoxOfficeCluster.StartAsync(
            setup.Database, new(Silos: 1, FrontEnds: 1, ClusterId: "rival"));
        IReadOnlyList<Uri> frontEnds = [.. setup.Cluster.Urls, .. rival.Urls];

        await Night.PlayAsync(setup, async night =>
        {
            await night.Crowd.DecidedAsync(1_500, TimeSpan.FromMinutes(1));
            Volatile.Write(ref frontEnds, setup.Cluster.Urls);
            await rival.Silos[0].StopAsync();
        }, frontEnds: () => Volatile.Read(ref frontEnds));

        Assert.All([setup.Cluster, rival], cluster =>
            Assert.Contains(cluster.Silos, silo => silo.Output.Contains("ends: Fenced", StringComparison.Ordinal)));
    }
}

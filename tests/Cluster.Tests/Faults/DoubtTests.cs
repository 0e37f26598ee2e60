using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Nights on which owners do not know, or are not the only ones.</summary>
[Collection<Nights>]
public sealed class DoubtTests
{
    [Fact]
    public async Task Every_promise_is_kept_when_commit_replies_are_lost()
    {
        await using var theatre = await Theatre.OpenAsync(isLossy: true);

        // Owners that do not know are what the fault waits for; buyers with a key need not notice, for front-ends ask again.
        await Night.PlayAsync(theatre, DatabaseFaults.LoseRepliesAsync);
    }

    [Fact]
    public async Task Two_clusters_that_sell_the_same_events_sell_each_ticket_once()
    {
        await using var theatre = await Theatre.OpenAsync();
        await using var rival = await BoxOfficeCluster.StartAsync(theatre.Database, new(Silos: 1, FrontEnds: 1, ClusterId: "rival"));
        IReadOnlyList<Uri> frontEnds = [.. theatre.Cluster.Urls, .. rival.Urls];

        await Night.PlayAsync(theatre, async night =>
        {
            await night.Crowd.DecidedAsync(1_500, TimeSpan.FromMinutes(1));
            Volatile.Write(ref frontEnds, theatre.Cluster.Urls);
            await rival.Silos[0].StopAsync();
        }, frontEnds: () => Volatile.Read(ref frontEnds));

        Assert.All([theatre.Cluster, rival], cluster => Assert.Contains(cluster.Silos, silo => silo.Output.Contains("ends: Fenced", StringComparison.Ordinal)));
    }
}

using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Nights with a cut network. Each silo has a network namespace, which needs root.</summary>
public sealed class NetworkTests
{
    [Fact]
    public Task Every_promise_is_kept_when_a_silo_is_cut_from_the_others() =>
        PlayAsync(NetworkFaults.CutFromSilosAsync);

    [Fact]
    public Task Every_promise_is_kept_when_a_silo_is_cut_from_the_database() =>
        PlayAsync(NetworkFaults.CutFromDatabaseAsync);

    private static async Task PlayAsync(Func<Night, Task> fault)
    {
        Assert.SkipUnless(SiloNetwork.IsPossible, "Network namespaces need root and iproute2.");
        await using var cluster = await FaultCluster.OpenAsync(isNetworked: true);
        await Night.PlayAsync(cluster, fault);
    }
}

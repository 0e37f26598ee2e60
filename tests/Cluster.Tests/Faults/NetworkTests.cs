using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Nights on which the network is cut. Each silo has a network of its own, which only root can make.</summary>
[Collection<Nights>]
public sealed class NetworkTests
{
    [Fact]
    public Task Every_promise_is_kept_when_a_silo_and_the_others_lose_each_other() => PlayAsync(NetworkFaults.CutFromSilosAsync);

    [Fact]
    public Task Every_promise_is_kept_when_a_silo_and_the_database_lose_each_other() => PlayAsync(NetworkFaults.CutFromDatabaseAsync);

    private static async Task PlayAsync(Func<Night, Task> trouble)
    {
        Assert.SkipUnless(SiloNetwork.IsPossible, "Only root can make network namespaces, with iproute2.");
        await using var theatre = await Theatre.OpenAsync(isNetworked: true);
        await Night.PlayAsync(theatre, trouble);
    }
}

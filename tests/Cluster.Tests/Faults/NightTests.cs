namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// Tests that measure times or kill many processes: they run one after the other, and without other tests.
/// </summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Nights;

/// <summary>Nights with one fault each: every promise is kept, and the sale goes on.</summary>
[Collection<Nights>]
public sealed class NightTests(SharedFaultCluster shared) : IClassFixture<SharedFaultCluster>
{
    [Fact]
    public Task Every_promise_is_kept_when_a_silo_is_killed() =>
        Night.PlayAsync(shared.FaultCluster, SiloFaults.KillAsync);

    [Fact]
    public Task Every_promise_is_kept_when_a_frozen_silo_is_replaced_and_thawed() =>
        Night.PlayAsync(shared.FaultCluster, SiloFaults.FreezeAsync);

    [Fact]
    public async Task Every_promise_is_kept_when_a_front_end_is_killed()
    {
        var verdict = await Night.PlayAsync(shared.FaultCluster, FrontEndFaults.KillAsync);

        Assert.True(verdict.Counts.Unknown > 0, $"no call was waiting for its answer: {verdict}");
    }

    [Fact]
    public Task Nothing_is_sold_while_the_database_is_down_and_every_promise_is_kept() =>
        Night.PlayAsync(shared.FaultCluster, DatabaseFaults.CrashAsync);

    [Fact]
    public Task Every_promise_is_kept_when_the_database_ends_all_connections() =>
        Night.PlayAsync(shared.FaultCluster, DatabaseFaults.EndConnectionsAsync);

    [Fact]
    public Task Every_promise_is_kept_while_each_process_is_restarted() =>
        Night.PlayAsync(shared.FaultCluster, SiloFaults.RestartAllAsync);

    [Fact]
    public Task Every_promise_is_kept_while_three_silos_become_one_and_three_again() =>
        Night.PlayAsync(shared.FaultCluster, SiloFaults.ScaleAsync);

    [Fact]
    public Task Every_promise_is_kept_when_the_clocks_of_the_database_a_silo_and_a_front_end_are_set() =>
        Night.PlayAsync(shared.FaultCluster, night =>
            Task.WhenAll(Fault.OfClocks.Select(fault => fault.HappenAsync(night))));
}

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>The nights run one after the other, and beside nothing else: they are about faults and not about a busy machine.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Nights;

/// <summary>Real processes, a crowd, a fault: every promise is kept, and the sale goes on.</summary>
[Collection<Nights>]
public sealed class NightTests(SharedTheatre shared) : IClassFixture<SharedTheatre>
{
    [Fact]
    public Task Every_promise_is_kept_when_a_silo_is_killed() => Night.PlayAsync(shared.Theatre, SiloFaults.KillAsync);

    [Fact]
    public Task Every_promise_is_kept_when_a_frozen_silo_is_replaced_and_wakes() => Night.PlayAsync(shared.Theatre, SiloFaults.FreezeAsync);

    [Fact]
    public async Task Every_promise_is_kept_when_a_front_end_is_killed()
    {
        var verdict = await Night.PlayAsync(shared.Theatre, FrontEndFaults.KillAsync);

        Assert.True(verdict.Counts.Unknown > 0, $"nobody was waiting for its answer: {verdict}");
    }

    [Fact]
    public Task Nothing_is_sold_while_the_database_is_away_and_everything_after_it_crashed() => Night.PlayAsync(shared.Theatre, DatabaseFaults.CrashAsync);

    [Fact]
    public Task Every_promise_is_kept_when_the_database_ends_all_connections() => Night.PlayAsync(shared.Theatre, DatabaseFaults.EndConnectionsAsync);

    [Fact]
    public Task Every_promise_is_kept_while_each_process_is_restarted() => Night.PlayAsync(shared.Theatre, SiloFaults.RestartAllAsync);

    [Fact]
    public Task Every_promise_is_kept_while_three_silos_become_one_and_three_again() => Night.PlayAsync(shared.Theatre, SiloFaults.ScaleAsync);

    [Fact]
    public Task Every_promise_is_kept_when_the_clocks_of_the_database_a_silo_and_a_front_end_are_set() =>
        Night.PlayAsync(shared.Theatre, night => Task.WhenAll(Fault.OfClocks.Select(one => one.HappenAsync(night))));
}

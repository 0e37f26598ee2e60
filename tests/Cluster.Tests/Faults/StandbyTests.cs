namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Nights on a primary with a synchronous standby: what was acknowledged outlives the primary.</summary>
[Collection<Nights>]
public sealed class StandbyTests(ReplicatedTheatre shared) : IClassFixture<ReplicatedTheatre>
{
    [Fact]
    public Task Every_promise_is_kept_when_the_primary_is_lost_and_its_standby_takes_over() =>
        Night.PlayAsync(shared.Theatre, StandbyFaults.FailOverAsync);

    [Fact]
    public Task Every_promise_is_kept_when_a_primary_is_lost_that_had_more_than_its_standby() =>
        Night.PlayAsync(shared.Theatre, LosePrimaryAndRestartAsync);

    internal static async Task LosePrimaryAndRestartAsync(Night night)
    {
        using var quiet = await StandbyFaults.LosePrimaryAsync(night);
        await StandbyFaults.RestartSilosAsync(night);
        await quiet.SellAsync();
    }
}

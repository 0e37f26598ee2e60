namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// Nights on a primary with a synchronous standby: what was acknowledged, or shown as sold, outlives the primary. The longer
/// ones are in <see cref="LongStandbyTests"/>.
/// </summary>
[Collection<Nights>]
public sealed class StandbyTests
{
    [Fact]
    public async Task Every_promise_is_kept_when_a_primary_is_lost_that_had_more_than_its_standby()
    {
        await using var theatre = await Theatre.OpenReplicatedAsync();

        await Night.PlayAsync(theatre, StandbyFaults.LosePrimaryAndRestartAsync);
    }

    [Fact]
    public async Task Every_promise_is_kept_when_a_balancer_finds_the_new_primary()
    {
        await using var theatre = await Theatre.OpenReplicatedAsync(isBalanced: true);

        await Night.PlayAsync(theatre, StandbyFaults.FailOverAsync);
    }
}

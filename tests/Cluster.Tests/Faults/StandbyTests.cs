namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// Nights with a primary and its synchronous standby: acknowledged and shown sales survive the primary. Longer nights
/// are in <see cref="LongStandbyTests"/>.
/// </summary>
public sealed class StandbyTests
{
    [Fact]
    public async Task Every_promise_is_kept_when_a_primary_is_lost_that_was_ahead_of_its_standby()
    {
        await using var cluster = await FaultCluster.OpenReplicatedAsync();

        await Night.PlayAsync(cluster, StandbyFaults.LosePrimaryAndRestartAsync);
    }

    [Fact]
    public async Task Every_promise_is_kept_when_a_balancer_finds_the_new_primary()
    {
        await using var cluster = await FaultCluster.OpenReplicatedAsync(isBalanced: true);

        await Night.PlayAsync(cluster, StandbyFaults.FailOverAsync);
    }
}

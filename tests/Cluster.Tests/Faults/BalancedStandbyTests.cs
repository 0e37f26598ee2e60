namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>The database at one address, behind a balancer that knows which server is the primary.</summary>
[Collection<Nights>]
public sealed class BalancedStandbyTests
{
    [Fact]
    public async Task Every_promise_is_kept_when_a_balancer_finds_the_new_primary()
    {
        await using var theatre = await Theatre.OpenReplicatedAsync(isBalanced: true);

        await Night.PlayAsync(theatre, StandbyFaults.FailOverAsync);
    }
}

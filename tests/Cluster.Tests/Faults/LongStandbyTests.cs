using System.Globalization;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// The long nights of <c>eng/standby.sh</c> with a primary and its standby: one night repeated with the default
/// timeouts, and databases that lose confirmed commits.
/// </summary>
[Collection<Nights>]
public sealed class LongStandbyTests
{
    private static int Nights =>
        int.Parse(Environment.GetEnvironmentVariable("BOXOFFICE_STANDBY_NIGHTS") ?? "1", CultureInfo.InvariantCulture);

    [Fact(Explicit = true)]
    public async Task Every_promise_is_kept_on_night_after_night_of_a_lost_primary_that_was_ahead_of_its_standby()
    {
        await using var cluster = await FaultCluster.OpenReplicatedAsync(hasDefaultTimeouts: true);
        for (var night = 0; night < Nights; night++)
        {
            var verdict = await Night.PlayAsync(
                cluster, StandbyFaults.LosePrimaryAndRestartAsync, Night.FirstSeed + night);
            Console.WriteLine($"night {night + 1} of {Nights}: {verdict.Counts}, every promise was kept");
        }
    }

    [Fact(Explicit = true)]
    public async Task Every_promise_is_kept_when_the_primary_is_lost_and_its_standby_takes_over()
    {
        await using var cluster = await FaultCluster.OpenReplicatedAsync();

        await Night.PlayAsync(cluster, StandbyFaults.FailOverAsync);
    }

    [Fact(Explicit = true)]
    public async Task The_journal_has_no_gap_after_an_asynchronous_standby_took_over()
    {
        await using var cluster = await FaultCluster.OpenReplicatedAsync(isSynchronous: false);

        await Night.PlayAsync(cluster, StandbyFaults.FailOverWithLossAsync);
    }

    [Fact(Explicit = true)]
    public async Task The_journal_has_no_gap_after_a_backup_was_restored_under_running_silos()
    {
        await using var cluster = await FaultCluster.OpenAsync();

        await Night.PlayAsync(cluster, StandbyFaults.RestoreAsync);
    }

    [Fact(Explicit = true)]
    public async Task Nothing_is_lost_when_an_old_primary_returns_and_the_sale_goes_on_when_it_is_fenced()
    {
        await using var cluster = await FaultCluster.OpenReplicatedAsync();

        await Night.PlayAsync(cluster, StandbyFaults.OldPrimaryReturnsAsync);
    }
}

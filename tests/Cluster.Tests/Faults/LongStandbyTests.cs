using System.Globalization;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// The longer nights of a primary and its standby, for <c>eng/standby.sh</c>: the same night again and again with the usual
/// limits, and databases that lose what they confirmed.
/// </summary>
[Collection<Nights>]
public sealed class LongStandbyTests
{
    private static int Nights =>
        int.Parse(Environment.GetEnvironmentVariable("BOXOFFICE_STANDBY_NIGHTS") ?? "1", CultureInfo.InvariantCulture);

    [Fact(Explicit = true)]
    public async Task Every_promise_is_kept_on_night_after_night_of_a_primary_that_had_more_than_its_standby()
    {
        await using var theatre = await Theatre.OpenReplicatedAsync(isPatient: true);
        for (var night = 0; night < Nights; night++)
        {
            var verdict = await Night.PlayAsync(theatre, StandbyFaults.LosePrimaryAndRestartAsync, Night.FirstSeed + night);
            Console.WriteLine($"night {night + 1} of {Nights}: {verdict.Counts}, every promise was kept");
        }
    }

    [Fact(Explicit = true)]
    public async Task Every_promise_is_kept_when_the_primary_is_lost_and_its_standby_takes_over()
    {
        await using var theatre = await Theatre.OpenReplicatedAsync();

        await Night.PlayAsync(theatre, StandbyFaults.FailOverAsync);
    }

    [Fact(Explicit = true)]
    public async Task Nothing_is_sold_behind_a_hole_after_an_asynchronous_standby_took_over()
    {
        await using var theatre = await Theatre.OpenReplicatedAsync(isSynchronous: false);

        await Night.PlayAsync(theatre, StandbyFaults.FailOverWithLossAsync);
    }

    [Fact(Explicit = true)]
    public async Task Nothing_is_sold_behind_a_hole_after_a_backup_was_restored_beneath_running_silos()
    {
        await using var theatre = await Theatre.OpenAsync();

        await Night.PlayAsync(theatre, StandbyFaults.RestoreAsync);
    }

    [Fact(Explicit = true)]
    public async Task Nothing_is_lost_when_an_old_primary_returns_and_the_sale_goes_on_when_it_is_fenced()
    {
        await using var theatre = await Theatre.OpenReplicatedAsync();

        await Night.PlayAsync(theatre, StandbyFaults.OldPrimaryReturnsAsync);
    }
}

using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>What can become of a primary, and of the standby that takes its place.</summary>
internal static class StandbyFaults
{
    private const int Lost = 1_000; // decisions

    // Who watches a primary takes ten to thirty seconds to be sure that it is lost.
    private static readonly TimeSpan FailoverAfter = TimeSpan.FromSeconds(16);

    /// <summary>The primary is killed, and the standby promoted at once: it has everything that was confirmed.</summary>
    public static async Task FailOverAsync(Night night)
    {
        await night.Theatre.Pair!.FailOverAsync();
        var (_, eventId) = await night.VictimAsync();
        await night.SellsAsync(eventId);
    }

    /// <summary>
    /// The standby is cut off. Appends wait for it until they are cancelled, and PostgreSQL keeps their rows on the primary,
    /// where the next owner reads them. Then the primary is lost, and the standby, which never had them, takes its place.
    /// </summary>
    public static async Task LosePrimaryBehindAsync(Night night) => (await LosePrimaryAsync(night)).Dispose();

    /// <summary>The same, and then no owner remembers anything: every silo is restarted.</summary>
    public static async Task LosePrimaryAndRestartAsync(Night night)
    {
        using var quiet = await LosePrimaryAsync(night);
        await RestartSilosAsync(night);
        await quiet.SellAsync();
    }

    /// <summary>
    /// A standby that is not synchronous takes over, without what was confirmed since it was cut off. That is lost, and the
    /// documents say so; what is sold from then on stands on what the standby has.
    /// </summary>
    public static async Task FailOverWithLossAsync(Night night)
    {
        var pair = night.Theatre.Pair!;
        using var quiet = await QuietEvents.OpenAsync(night);
        await pair.CaughtUpAsync();
        pair.Cut();
        await quiet.SellInVainAsync();
        await night.Crowd.DecidedAsync(Lost);
        await pair.FailOverAsync();
        await SellsAfterLossAsync(night, quiet);
    }

    /// <summary>A backup is restored beneath running silos: the same loss, on the same server.</summary>
    public static async Task RestoreAsync(Night night)
    {
        using var quiet = await QuietEvents.OpenAsync(night);
        night.Theatre.Postgres.BackUp();
        await quiet.SellInVainAsync();
        await night.Crowd.DecidedAsync(Lost);
        await night.Theatre.Postgres.RestoreAsync();
        await SellsAfterLossAsync(night, quiet);
    }

    /// <summary>
    /// The old primary comes back, does not know that it was replaced, and nobody keeps clients from it. A silo that
    /// starts finds two primaries. It confirms nothing at the old one, which waits for a standby; once the old one is away, all goes on.
    /// </summary>
    public static async Task OldPrimaryReturnsAsync(Night night)
    {
        var pair = night.Theatre.Pair!;
        using var quiet = await QuietEvents.OpenAsync(night);
        await pair.FailOverAsync();
        await night.AllSellAsync();
        await pair.Standby.StartAsync();
        var (silo, _) = await night.VictimAsync();
        await silo.StopAsync();
        var started = silo.StartAsync();
        await Task.WhenAny(started, night.AllSellAsync()); // whichever can be: neither is promised while there are two
        await quiet.LookAsync();
        await pair.Standby.CrashAsync();
        await started.ContinueWith(_ => { }, TaskScheduler.Default); // it may have given up; then it is started again
        await night.Cluster.StartMissingAsync(TimeSpan.FromMinutes(1));
        await night.AllSellAsync();
        await quiet.SellAsync();
    }

    private static async Task<QuietEvents> LosePrimaryAsync(Night night)
    {
        var pair = night.Theatre.Pair!;
        var quiet = await QuietEvents.OpenAsync(night);
        pair.Cut();
        var cutAt = night.History.Now;
        await quiet.BuyInDoubtAsync();
        await quiet.LookAsync();
        await Wait.UntilAsync("the primary is given up", () => Task.FromResult(night.History.Now >= cutAt + FailoverAfter));
        await pair.FailOverAsync();
        await night.AllSellAsync(); // so that each silo has met the new primary, and no broken connection ends a quiet owner
        await quiet.RepeatAsync();
        await quiet.SellAsync();
        return quiet;
    }

    /// <summary>Every silo is stopped, and then every silo is started: no owner remembers anything.</summary>
    private static async Task RestartSilosAsync(Night night)
    {
        await Task.WhenAll(night.Cluster.Silos.Select(one => one.StopAsync()));
        await night.Cluster.StartMissingAsync(TimeSpan.FromMinutes(1));
    }

    private static async Task SellsAfterLossAsync(Night night, QuietEvents quiet)
    {
        night.Forgets();
        await quiet.AssertLostAsync(night.Theatre.Postgres);
        await night.AllSellAsync();
        await quiet.SellAsync();
        await RestartSilosAsync(night);
        await quiet.SellAsync();
    }
}

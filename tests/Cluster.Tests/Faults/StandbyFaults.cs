using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Faults of a primary and its standby.</summary>
internal static class StandbyFaults
{
    private const int Lost = 1_000; // decisions

    // A failover manager takes 10 to 30 s to declare a primary lost.
    private static readonly TimeSpan FailoverAfter = TimeSpan.FromSeconds(16);

    /// <summary>
    /// The primary is killed, and the standby promoted at once: it has all confirmed commits.
    /// </summary>
    public static async Task FailOverAsync(Night night)
    {
        await night.Setup.Pair!.FailOverAsync();
        var (_, eventId) = await night.VictimAsync();
        await night.SellsAsync(eventId);
    }

    /// <summary>
    /// The standby is cut off. Appends wait for it until they are cancelled, and PostgreSQL keeps their rows on the
    /// primary, where the next owner reads them. Then the primary is lost, and the standby, which never had these rows,
    /// is promoted.
    /// </summary>
    public static async Task LosePrimaryBehindAsync(Night night) => (await LosePrimaryAsync(night)).Dispose();

    /// <summary>The same fault, followed by a restart of all silos: every owner loses its memory.</summary>
    public static async Task LosePrimaryAndRestartAsync(Night night)
    {
        using var quiet = await LosePrimaryAsync(night);
        await RestartSilosAsync(night);
        await quiet.SellAsync();
    }

    /// <summary>
    /// An asynchronous standby takes over, without the commits since it was cut off. These are lost, as documented;
    /// later sales continue from the standby's state.
    /// </summary>
    public static async Task FailOverWithLossAsync(Night night)
    {
        var pair = night.Setup.Pair!;
        using var quiet = await QuietEvents.OpenAsync(night);
        await pair.CaughtUpAsync();
        pair.Cut();
        await quiet.SellBeforeLossAsync();
        await night.Crowd.DecidedAsync(Lost);
        await pair.FailOverAsync();
        await SellsAfterLossAsync(night, quiet);
    }

    /// <summary>A backup is restored under running silos: the same loss, on the same server.</summary>
    public static async Task RestoreAsync(Night night)
    {
        using var quiet = await QuietEvents.OpenAsync(night);
        night.Setup.Postgres.BackUp();
        await quiet.SellBeforeLossAsync();
        await night.Crowd.DecidedAsync(Lost);
        await night.Setup.Postgres.RestoreAsync();
        await SellsAfterLossAsync(night, quiet);
    }

    /// <summary>
    /// The old primary returns without knowing of its replacement, and clients still reach it. A starting silo finds
    /// two primaries. The old one confirms nothing, for it waits for a standby. When it is gone, sales go on.
    /// </summary>
    public static async Task OldPrimaryReturnsAsync(Night night)
    {
        var pair = night.Setup.Pair!;
        using var quiet = await QuietEvents.OpenAsync(night);
        await pair.FailOverAsync();
        await night.AllSellAsync();
        await pair.Standby.StartAsync();
        var (silo, _) = await night.VictimAsync();
        await silo.StopAsync();
        var started = silo.StartAsync();
        await Task.WhenAny(started, night.AllSellAsync()); // neither is promised while there are two primaries
        await quiet.ReadAsync();
        await pair.Standby.CrashAsync();
        // the start may have failed; then the silo is started again
        await started.ContinueWith(_ => { }, TaskScheduler.Default);
        await night.Cluster.StartMissingAsync(TimeSpan.FromMinutes(1));
        await night.AllSellAsync();
        await quiet.SellAsync();
    }

    private static async Task<QuietEvents> LosePrimaryAsync(Night night)
    {
        var pair = night.Setup.Pair!;
        var quiet = await QuietEvents.OpenAsync(night);
        pair.Cut();
        var cutAt = night.History.Now;
        await quiet.BuyInDoubtAsync();
        await quiet.ReadAsync();
        await Wait.UntilAsync("the failover manager declares the primary lost", () =>
            Task.FromResult(night.History.Now >= cutAt + FailoverAfter));
        await pair.FailOverAsync();
        // Each silo connects to the new primary here, so that no broken connection ends a quiet owner.
        await night.AllSellAsync();
        await quiet.RepeatAsync();
        await quiet.SellAsync();
        return quiet;
    }

    /// <summary>Stops all silos, and then starts them: every owner loses its memory.</summary>
    private static async Task RestartSilosAsync(Night night)
    {
        await Task.WhenAll(night.Cluster.Silos.Select(silo => silo.StopAsync()));
        await night.Cluster.StartMissingAsync(TimeSpan.FromMinutes(1));
    }

    private static async Task SellsAfterLossAsync(Night night, QuietEvents quiet)
    {
        night.Forgets();
        await quiet.AssertLostAsync(night.Setup.Postgres);
        await night.AllSellAsync();
        await quiet.SellAsync();
        await RestartSilosAsync(night);
        await quiet.SellAsync();
    }
}

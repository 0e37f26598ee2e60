using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Faults of silos, and planned restarts of all processes.</summary>
internal static class SiloFaults
{
    private const int Killed = 128 + Signal.Kill;

    /// <summary>The owner of an event is killed, another silo takes over, and the killed one is restarted.</summary>
    public static async Task KillAsync(Night night)
    {
        var (silo, eventId) = await night.VictimAsync();
        await silo.KillAsync();
        Assert.Equal(Killed, silo.Process.ExitCode);
        await night.HasOwnerOtherThanAsync(silo, eventId);
        await night.SellsAsync(eventId);
        await silo.StartAsync();
    }

    /// <summary>
    /// The owner of an event is frozen until another silo has sold in its place. Thawed, it executes its pending calls,
    /// is fenced, learns that it was declared dead, and ends.
    /// </summary>
    public static async Task FreezeAsync(Night night)
    {
        var (silo, eventId) = await night.VictimAsync();
        silo.Freeze();
        await night.HasOwnerOtherThanAsync(silo, eventId);
        await night.SellsAsync(eventId);
        silo.Thaw();
        await silo.Process.ExitAsync();
        AssertEndedItself(silo);
        await silo.StartAsync();
    }

    /// <summary>The cluster is scaled down to one silo, and up again.</summary>
    public static async Task ScaleAsync(Night night)
    {
        await night.Cluster.ScaleAsync(1);
        await Wait.UntilAsync("one silo owns all", async () =>
            (await night.OwnersAsync()) is { Count: > 0 } owners && owners.Values.All(owner => owner == 0));
        Assert.Equal([true, false, false], night.Cluster.Silos.Select(silo => silo.IsRunning));
        await night.Crowd.DecidedAsync(500);
        await night.Cluster.ScaleAsync(3);
        await night.Cluster.ReadyAsync();
    }

    /// <summary>Every process is restarted, one after the other.</summary>
    public static async Task RestartAllAsync(Night night)
    {
        ClusterProcess[] processes = [.. night.Cluster.Silos, .. night.Cluster.FrontEnds];
        foreach (var process in processes)
        {
            await process.StopAsync();
            Assert.Equal(0, process.Process.ExitCode);
            await process.StartAsync();
            await night.Cluster.ReadyAsync();
        }
        await night.Crowd.DecidedAsync(200);
    }

    /// <summary>Checks that a silo, declared dead by the others, ended by itself.</summary>
    public static void AssertEndedItself(SiloProcess silo)
    {
        Assert.NotEqual(0, silo.Process.ExitCode);
        Assert.NotEqual(Killed, silo.Process.ExitCode);
    }
}

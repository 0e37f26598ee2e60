using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>What can become of silos, and of all processes.</summary>
internal static class SiloFaults
{
    private const int Killed = 128 + Signal.Kill;

    /// <summary>The owner of an event is killed; another takes over; it comes back.</summary>
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
    /// The owner of an event stands still until another has sold in its place, and goes on. It executes what it was asked
    /// before, is fenced, learns that it was given up, and ends.
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

    /// <summary>An operator takes silos away until one is left, and brings them back.</summary>
    public static async Task ScaleAsync(Night night)
    {
        await night.Cluster.ScaleAsync(1);
        await Wait.UntilAsync("one silo owns all", async () => (await night.OwnersAsync()) is { Count: > 0 } owners && owners.Values.All(owner => owner == 0));
        Assert.Equal([true, false, false], night.Cluster.Silos.Select(one => one.IsRunning));
        await night.Crowd.DecidedAsync(500);
        await night.Cluster.ScaleAsync(3);
        await night.Cluster.ReadyAsync();
    }

    /// <summary>An operator restarts every process, one after the other.</summary>
    public static async Task RestartAllAsync(Night night)
    {
        foreach (ClusterProcess one in night.Cluster.Silos.Concat<ClusterProcess>(night.Cluster.FrontEnds))
        {
            await one.StopAsync();
            Assert.Equal(0, one.Process.ExitCode);
            await one.StartAsync();
            await night.Cluster.ReadyAsync();
        }
        await night.Crowd.DecidedAsync(200);
    }

    /// <summary>A silo that the others gave up noticed it.</summary>
    public static void AssertEndedItself(SiloProcess silo)
    {
        Assert.NotEqual(0, silo.Process.ExitCode);
        Assert.NotEqual(Killed, silo.Process.ExitCode);
    }
}

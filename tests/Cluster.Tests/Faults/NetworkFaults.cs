using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>What can become of the network between silos, and between a silo and the database.</summary>
internal static class NetworkFaults
{
    /// <summary>
    /// The owner of an event and all other silos lose each other, and each still reaches the database, and buyers all of
    /// them: for a while the event has two owners. The one that was given up ends.
    /// </summary>
    public static async Task CutFromSilosAsync(Night night)
    {
        var (silo, eventId) = await night.VictimAsync();
        night.Theatre.Network!.CutFromSilos(NumberOf(night, silo));
        await night.HasOwnerOtherThanAsync(silo, eventId);
        await silo.Process.ExitAsync();
        SiloFaults.AssertEndedItself(silo);
        await night.SellsAsync(eventId);
        night.Theatre.Network.Heal();
        await silo.StartAsync();
    }

    /// <summary>The owner of an event and the database lose each other, until the owner gives up; all others go on.</summary>
    public static async Task CutFromDatabaseAsync(Night night)
    {
        var (silo, eventId) = await night.VictimAsync();
        night.Theatre.Network!.CutFromDatabase(NumberOf(night, silo));
        await silo.Process.LineAsync($"event {eventId} ends: ");
        night.Theatre.Network.Heal();
        await night.SellsAsync(eventId);
    }

    private static int NumberOf(Night night, SiloProcess silo) => night.Cluster.Silos.ToList().IndexOf(silo);
}

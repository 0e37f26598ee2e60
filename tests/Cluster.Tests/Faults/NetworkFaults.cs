using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Faults of the network between silos, and between a silo and the database.</summary>
internal static class NetworkFaults
{
    /// <summary>
    /// The owner of an event is cut from all other silos. All still reach the database, and buyers reach all: for a
    /// while the event has two owners. The silo that the others declared dead ends.
    /// </summary>
    public static async Task CutFromSilosAsync(Night night)
    {
        var (silo, eventId) = await night.VictimAsync();
        night.Setup.Network!.CutFromSilos(NumberOf(night, silo));
        await night.HasOwnerOtherThanAsync(silo, eventId);
        await silo.Process.ExitAsync();
        SiloFaults.AssertEndedItself(silo);
        await night.SellsAsync(eventId);
        night.Setup.Network.Heal();
        await silo.StartAsync();
    }

    /// <summary>
    /// A silo is cut from the database until an owner on it ends. All others go on. Any owner counts, since a program
    /// writes a kind of line only a few times in five seconds.
    /// </summary>
    public static async Task CutFromDatabaseAsync(Night night)
    {
        var (silo, eventId) = await night.VictimAsync();
        var linesBefore = silo.Process.LineCount;
        night.Setup.Network!.CutFromDatabase(NumberOf(night, silo));
        await silo.Process.LineAsync("This owner of event ", skip: linesBefore);
        night.Setup.Network.Heal();
        await night.SellsAsync(eventId);
    }

    private static int NumberOf(Night night, SiloProcess silo) => night.Cluster.Silos.ToList().IndexOf(silo);
}

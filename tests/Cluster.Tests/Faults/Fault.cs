namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>What a fault touches. Of each, one fault at a time: a cluster of three silos stands the loss of one.</summary>
[Flags]
internal enum Parts
{
    Silos = 1,
    FrontEnds = 2,
    Database = 4,
}

/// <summary>
/// A fault: makes trouble, waits until it was felt (or throws), and ends it. The same ones make the tests and the long
/// chaos.
/// </summary>
internal sealed record Fault(string Name, Parts Parts, Func<Night, Task> HappenAsync)
{
    /// <summary>Those of clocks. A cluster sells by its database's; that of any other process is set to see that nothing goes by it.</summary>
    public static readonly IReadOnlyList<Fault> OfClocks =
    [
        new("database's clock set", Parts.Database, ClockFaults.SetDatabaseAsync),
        new("silo's clock set", Parts.Silos, ClockFaults.SetSiloAsync),
        new("front-end's clock set", Parts.FrontEnds, ClockFaults.SetFrontEndAsync),
    ];

    /// <summary>Those that any theatre can have.</summary>
    public static readonly IReadOnlyList<Fault> Usual =
    [
        new("silo killed", Parts.Silos, SiloFaults.KillAsync),
        new("silo frozen", Parts.Silos, SiloFaults.FreezeAsync),
        new("scaled 3-1-3", Parts.Silos, SiloFaults.ScaleAsync),
        new("rolling restart", Parts.Silos | Parts.FrontEnds, SiloFaults.RestartAllAsync),
        new("front-end killed", Parts.FrontEnds, FrontEndFaults.KillAsync),
        new("database crashed", Parts.Database, DatabaseFaults.CrashAsync),
        new("connections ended", Parts.Database, DatabaseFaults.EndConnectionsAsync),
        .. OfClocks,
    ];

    public static readonly Fault RepliesLost = new("commit replies lost", Parts.Database, DatabaseFaults.LoseRepliesAsync);

    /// <summary>Those of a theatre whose silos have networks of their own.</summary>
    public static readonly IReadOnlyList<Fault> OfNetworks =
    [
        new("silo cut from silos", Parts.Silos, NetworkFaults.CutFromSilosAsync),
        new("silo cut from database", Parts.Silos, NetworkFaults.CutFromDatabaseAsync),
    ];

    /// <summary>Those of a theatre whose database has a synchronous standby.</summary>
    public static readonly IReadOnlyList<Fault> OfStandbys =
    [
        new("primary lost", Parts.Database, StandbyFaults.FailOverAsync),
        // For so long nothing starts: the database confirms nothing.
        new("standby cut, then primary lost", Parts.Database | Parts.Silos | Parts.FrontEnds, StandbyFaults.LosePrimaryBehindAsync),
    ];
}

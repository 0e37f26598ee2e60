namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// The parts that a fault affects. A part has at most one fault at a time: a cluster of three silos tolerates the loss
/// of one.
/// </summary>
[Flags]
internal enum Parts
{
    Silos = 1,
    FrontEnds = 2,
    Database = 4,
}

/// <summary>
/// A fault: begins, waits for its effect (or throws), and ends. Tests and the long chaos use the same faults.
/// </summary>
internal sealed record Fault(string Name, Parts Parts, Func<Night, Task> HappenAsync)
{
    /// <summary>
    /// Faults of clocks. A cluster uses its database's clock; steps of other clocks must have no effect.
    /// </summary>
    public static readonly IReadOnlyList<Fault> OfClocks =
    [
        new("database's clock set", Parts.Database, ClockFaults.SetDatabaseAsync),
        new("silo's clock set", Parts.Silos, ClockFaults.SetSiloAsync),
        new("front-end's clock set", Parts.FrontEnds, ClockFaults.SetFrontEndAsync),
    ];

    /// <summary>Faults of any cluster.</summary>
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

    /// <summary>A fault of a cluster behind a <see cref="Testing.LossyProxy"/>.</summary>
    public static readonly Fault RepliesLost =
        new("commit replies lost", Parts.Database, DatabaseFaults.LoseRepliesAsync);

    /// <summary>Faults of a cluster whose silos have network namespaces.</summary>
    public static readonly IReadOnlyList<Fault> OfNetworks =
    [
        new("silo cut from silos", Parts.Silos, NetworkFaults.CutFromSilosAsync),
        new("silo cut from database", Parts.Silos, NetworkFaults.CutFromDatabaseAsync),
    ];

    /// <summary>Faults of a cluster whose database has a synchronous standby.</summary>
    public static readonly IReadOnlyList<Fault> OfStandbys =
    [
        new("primary lost", Parts.Database, StandbyFaults.FailOverAsync),
        // Affects all parts: no process can start while the database confirms nothing.
        new("standby cut, then primary lost", Parts.Database | Parts.Silos | Parts.FrontEnds,
            StandbyFaults.LosePrimaryBehindAsync),
    ];
}

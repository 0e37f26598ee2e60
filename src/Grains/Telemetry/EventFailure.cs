namespace BoxOffice.Grains.Telemetry;

/// <summary>Failures of an event that an operator has to handle. Each is a log line of level Critical, too.</summary>
internal enum EventFailure
{
    /// <summary>The database lost entries that were acknowledged.</summary>
    WentBack = 0,

    /// <summary>An entry cannot follow from those before it: the event cannot be sold.</summary>
    Unreadable = 1,

    /// <summary>A decision failed in a way that should not be possible.</summary>
    Defect = 2,
}

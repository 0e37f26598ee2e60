namespace BoxOffice;

/// <summary>
/// Knows the last rehearsals, and lets one run at a time in the whole cluster. A front-end runs it and reports each
/// second; what it leaves behind when it dies is deleted here. There is one such grain; its key is 0.
/// </summary>
[Alias("BoxOffice.IRehearsalGrain")]
public interface IRehearsalGrain : IGrainWithIntegerKey
{
    /// <summary>Begins a rehearsal, unless one is running. A second call with the same id changes nothing.</summary>
    /// <returns>The rehearsal that is running now: this one or another.</returns>
    [Alias("Begin")]
    Task<RehearsalStatus> Begin(RehearsalStatus rehearsal);

    /// <summary>
    /// The front-end that runs it reports its progress: at least every <see cref="RehearsalTiming.SilenceMax"/>.
    /// </summary>
    [Alias("Report")]
    Task<RehearsalCue> Report(string id, RehearsalState state, RehearsalProgress progress);

    /// <summary>
    /// Ends it, and deletes its copy of the event. A second call changes nothing.
    /// </summary>
    [Alias("End")]
    Task End(string id, RehearsalEnding ending);

    /// <summary>Asks the front-end that runs it to end it. Null when there is no such rehearsal.</summary>
    [Alias("Stop")]
    Task<RehearsalStatus?> Stop(string id);

    /// <summary>The last ones without their reports, the newest first.</summary>
    [Alias("List")]
    Task<RehearsalStatus[]> List();

    /// <summary>One, with its report. Null when there is no such rehearsal, or it is too old.</summary>
    [Alias("Find")]
    Task<RehearsalStatus?> Find(string id);
}

/// <summary>Timing that the front-end and the grain agree on.</summary>
public static class RehearsalTiming
{
    /// <summary>How often the front-end that runs a rehearsal reports.</summary>
    public static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After this time without a report the front-end is gone. Longer than the replacement of a lost silo takes.
    /// </summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);
}

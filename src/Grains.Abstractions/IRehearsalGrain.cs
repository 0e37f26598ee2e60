namespace BoxOffice;

/// <summary>
/// Knows the last rehearsals, and lets one run at a time in the whole cluster. A front-end runs it and reports each second;
/// what it leaves behind when it dies is taken away here. There is one such grain; its key is 0.
/// </summary>
[Alias("BoxOffice.IRehearsalGrain")]
public interface IRehearsalGrain : IGrainWithIntegerKey
{
    /// <summary>Begins a rehearsal, unless one is under way. A second call with the same id changes nothing.</summary>
    /// <returns>The rehearsal that is under way now: this one, or the other that is in its way.</returns>
    [Alias("Begin")]
    Task<RehearsalStatus> Begin(RehearsalStatus rehearsal);

    /// <summary>The front-end that runs it says how far it is: at least every <see cref="RehearsalTiming.SilenceMax"/>.</summary>
    [Alias("Report")]
    Task<RehearsalCue> Report(string id, RehearsalState state, RehearsalProgress progress);

    /// <summary>It has ended, and its crowd with it. Its copy of the event is taken away. A second ending changes nothing.</summary>
    [Alias("End")]
    Task End(string id, RehearsalEnding ending);

    /// <summary>Asks the front-end that runs it to end it. Null when there is no such rehearsal.</summary>
    [Alias("Stop")]
    Task<RehearsalStatus?> Stop(string id);

    /// <summary>The last ones without their reports, the newest first.</summary>
    [Alias("List")]
    Task<RehearsalStatus[]> List();

    /// <summary>One, with its report. Null when there is no such rehearsal, or it is too long ago.</summary>
    [Alias("Find")]
    Task<RehearsalStatus?> Find(string id);
}

/// <summary>What both ends of a rehearsal keep to.</summary>
public static class RehearsalTiming
{
    /// <summary>How often the front-end that runs a rehearsal reports.</summary>
    public static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);

    /// <summary>After this time without a report the front-end is gone. Longer than a silo that was lost needs to be replaced.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);
}

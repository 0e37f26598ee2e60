namespace BoxOffice.Testing.Faults;

/// <summary>The tolerances of an audit.</summary>
public sealed record AuditOptions
{
    /// <summary>The maximum age of the state behind a refusal or a reported number.</summary>
    public TimeSpan Slack { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The maximum difference between the silos' clocks and ours; null when the journal's times prove nothing, as when
    /// a test sets clocks. On one machine it is the clock's correction during the run.
    /// </summary>
    public TimeSpan? ClockTolerance { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The maximum error of the journal's times, for any state of the machines' clocks. BoxOffice promises 2 s. Null:
    /// times are not checked, as when a test invents them.
    /// </summary>
    public TimeSpan? ClockErrorMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The minimum share of calls after healing that are accepted or refused by a rule of sale, 0 to 1.
    /// </summary>
    public double HealedShareMin { get; init; } = 0.9;

    /// <summary>
    /// Answers to calls sent before this time since the history's start prove nothing: a database lost confirmed
    /// commits, and owners needed until then to notice. Null when no confirmed commit may be lost.
    /// </summary>
    public TimeSpan? ForgetsUntil { get; init; }
}

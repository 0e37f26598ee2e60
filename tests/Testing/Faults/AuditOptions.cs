namespace BoxOffice.Testing.Faults;

/// <summary>What an audit may allow.</summary>
public sealed record AuditOptions
{
    /// <summary>How old the state may be on which a refusal or a shown number rests.</summary>
    public TimeSpan Slack { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How far the silos' clocks may be from ours; null when the journal's times prove nothing, as when a test moves clocks.
    /// One machine has one clock; what is left is how much it was corrected during the run.
    /// </summary>
    public TimeSpan? ClockTolerance { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// By how much the journal's times may be wrong, whatever becomes of the machines' clocks; null when they are not judged, as when a test
    /// makes up times. Two seconds are what is promised.
    /// </summary>
    public TimeSpan? ClockErrorMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Of the calls after healing, the share that must be accepted or refused by a rule of sale, 0 to 1.</summary>
    public double HealedShareMin { get; init; } = 0.9;

    /// <summary>
    /// Since the history's start: when a database that lost what it had confirmed was back, and owners that remember more had
    /// time to notice. What was told to calls that were sent before is held against nothing. Null when no confirmed commit
    /// may be lost.
    /// </summary>
    public TimeSpan? ForgetsUntil { get; init; }
}

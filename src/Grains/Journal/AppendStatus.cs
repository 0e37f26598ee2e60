namespace BoxOffice.Grains.Journal;

/// <summary>The outcome of an append.</summary>
public enum AppendStatus
{
    /// <summary>All entries are durable.</summary>
    Committed = 1,

    /// <summary>Another owner's entry has one of these sequences. Nothing was written.</summary>
    Fenced = 2,

    /// <summary>Nothing was written, and nothing will be.</summary>
    NotApplied = 3,

    /// <summary>It may be written, now or later. Only the journal has the outcome.</summary>
    Unknown = 4,

    /// <summary>
    /// The entry that the batch follows is missing, or is another one: the database lost entries that this owner knows
    /// (failover, restore, deleted rows). Nothing was written.
    /// </summary>
    WentBack = 5,
}

/// <summary>Names of <see cref="AppendStatus"/>.</summary>
internal static class AppendStatusNames
{
    /// <summary>The value of the metric's tag, as <c>NOT_APPLIED</c>.</summary>
    public static string MetricTag(this AppendStatus status) => status switch
    {
        AppendStatus.Committed => "COMMITTED",
        AppendStatus.Fenced => "FENCED",
        AppendStatus.NotApplied => "NOT_APPLIED",
        AppendStatus.WentBack => "WENT_BACK",
        _ => "UNKNOWN",
    };
}

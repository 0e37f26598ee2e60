using System.Diagnostics.Metrics;
using BoxOffice.Grains.Journal;

namespace BoxOffice.Grains;

/// <summary>What a silo measures about its journal, in the meter <see cref="Name"/>.</summary>
public static class JournalMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Name = "BoxOffice";

    /// <summary>Counts batches by what became of them; the tag is <see cref="StatusTag"/>.</summary>
    public const string AppendsName = "boxoffice.journal.appends";

    /// <summary>COMMITTED, FENCED (another owner had the sequence), NOT_APPLIED or UNKNOWN.</summary>
    public const string StatusTag = "boxoffice.append.status";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Appends =
        Meter.CreateCounter<long>(AppendsName, "{batch}", "Batches that events sent to the journal, by what became of them.");

    internal static void Appended(AppendStatus status) => Appends.Add(1, new KeyValuePair<string, object?>(StatusTag, status switch
    {
        AppendStatus.Committed => "COMMITTED",
        AppendStatus.Fenced => "FENCED",
        AppendStatus.NotApplied => "NOT_APPLIED",
        _ => "UNKNOWN",
    }));
}

using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Reads the entries of one event, in order. The journal is the only truth; entries are only appended.
/// </summary>
public interface IJournalReader
{
    /// <summary>Reads one event's entries in order, in pages.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="after">Only entries with a higher sequence.</param>
    /// <param name="upTo">Only entries up to this sequence.</param>
    /// <param name="stop">Ends the reading.</param>
    IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadAsync(
        string eventId, long after = 0, long upTo = long.MaxValue, CancellationToken stop = default);

    /// <summary>The last entry of one event; <see cref="JournalHead.None"/> when it has none.</summary>
    Task<JournalHead> HeadAsync(string eventId);
}

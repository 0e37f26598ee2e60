namespace BoxOffice.Grains.Journal;

/// <summary>Counts one event in the database, independently of the ledger, for the reconciler.</summary>
public interface IJournalCounts : IJournalReader
{
    /// <summary>Counts one event in SQL, up to and with <paramref name="upTo"/>.</summary>
    Task<JournalCount> CountAsync(string eventId, long upTo);

    /// <summary>
    /// Counts one event's rows by their index, up to and with <paramref name="upTo"/>, and returns the highest sequence
    /// among them. The primary key allows no sequence twice.
    /// </summary>
    Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo);
}

using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>Whether the database is the one that sold, still has what it acknowledged, and takes writes.</summary>
public interface IJournalHealth
{
    /// <summary>Which database answers; null when there can be no other (an embedded store).</summary>
    Task<DatabaseIdentity?> IdentityAsync();

    /// <summary>The events of which the database does not have the given entry.</summary>
    Task<string[]> MissingAsync(IReadOnlyList<KeyValuePair<string, JournalHead>> heads);

    /// <summary>
    /// Returns when an append would succeed; throws when it would not. It may be called at any rate: recent appends are
    /// the proof, and only without any is something written, every few seconds at most.
    /// </summary>
    Task PingAsync();
}

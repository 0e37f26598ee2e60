using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// The only truth: entries of events, in order. Entries are only appended. Those of a rehearsal's copy
/// (<see cref="RehearsalCopy"/>) are in a table of their own, in no list, and are deleted after it.
/// </summary>
public interface IReservationJournal
{
    /// <summary>
    /// Appends entries, all or none. Their sequences come from the caller and must be contiguous; a sequence that is
    /// taken refuses them all (<see cref="AppendStatus.Fenced"/>), and so does a missing predecessor
    /// (<see cref="AppendStatus.WentBack"/>). One owner has at most one append under way for one event: with two, the
    /// second could be stored after another owner's entries.
    /// </summary>
    /// <param name="eventId">The event.</param>
    /// <param name="after">The entry that the first one follows; <see cref="JournalHead.None"/> for an event's first entry.</param>
    /// <param name="entries">The batch, not empty.</param>
    /// <remarks>It takes no cancellation token: a caller that left must not turn a commit into a doubt.</remarks>
    Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries);

    /// <summary>Reads one event's entries in order, in pages.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="after">Only entries with a higher sequence.</param>
    /// <param name="upTo">Only entries up to this sequence.</param>
    /// <param name="stop">Ends the reading.</param>
    IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadAsync(
        string eventId, long after = 0, long upTo = long.MaxValue, CancellationToken stop = default);

    /// <summary>The last entry of one event; <see cref="JournalHead.None"/> when it has none.</summary>
    Task<JournalHead> HeadAsync(string eventId);

    /// <summary>Which database answers; null when there can be no other (an embedded store).</summary>
    Task<DatabaseIdentity?> IdentityAsync();

    /// <summary>The events of which the database does not have the given entry.</summary>
    Task<string[]> MissingAsync(IReadOnlyList<KeyValuePair<string, JournalHead>> heads);

    /// <summary>Ids of opened events greater than <paramref name="after"/>, in ordinal order.</summary>
    Task<string[]> EventsAsync(string after, int countMax);

    /// <summary>
    /// Ids of the events for which the member ever reserved; and after them, as far as there is room, those of events of which
    /// more than 1,000 entries are not noted yet, so that only their owner knows.
    /// </summary>
    Task<string[]> EventsOfAsync(string memberId, int countMax);

    /// <summary>
    /// Notes for <see cref="EventsOfAsync"/> which members reserved until <paramref name="upTo"/>, the next part of them: some
    /// milliseconds' work. It may be called twice, or by two owners, and may be left out: then an answer takes longer.
    /// </summary>
    /// <param name="eventId">The event.</param>
    /// <param name="upTo">A sequence that is durable.</param>
    /// <returns>The sequence until which they are noted now.</returns>
    Task<long> IndexMembersAsync(string eventId, long upTo);

    /// <summary>Counts one event in SQL, up to and with <paramref name="upTo"/>.</summary>
    Task<JournalCount> CountAsync(string eventId, long upTo);

    /// <summary>
    /// Counts one event's rows by their index, up to and with <paramref name="upTo"/>, and tells the highest sequence among them. The primary key
    /// allows no sequence twice.
    /// </summary>
    Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo);

    /// <summary>Takes the entries after a sequence out of an event's journal, for a repair, and keeps them in a table of their own.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="after">The last entry that stays.</param>
    /// <param name="last">
    /// The last entry as it was read: when it is not the last any more, somebody has repaired the event and may have sold since.
    /// </param>
    /// <param name="actor">Who repairs it.</param>
    /// <returns>How many; -1 when <paramref name="last"/> is not the last entry, and nothing was done.</returns>
    Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor);

    /// <summary>What saves time when an event is brought back, and may be thrown away at any time.</summary>
    ILedgerSnapshots Snapshots { get; }

    /// <summary>Ids of the copies that rehearsals left behind, and of the one that runs.</summary>
    Task<string[]> RehearsalCopiesAsync();

    /// <summary>Deletes the entries of a rehearsal's copy. A real event has none where this looks.</summary>
    Task DeleteRehearsalCopyAsync(string eventId);

    /// <summary>
    /// Returns when an append would succeed; throws when it would not. It may be asked as often as anybody likes: recent appends
    /// are the answer, and only without any is something written, every few seconds at most.
    /// </summary>
    Task PingAsync();
}

/// <summary>One event, counted by the database itself.</summary>
/// <param name="Entries">Rows.</param>
/// <param name="DistinctSequences">Different sequences among them.</param>
/// <param name="HeadSequence">The highest sequence.</param>
/// <param name="Held">Tickets in holds.</param>
/// <param name="Confirmed">Tickets sold.</param>
/// <param name="Reservations">Reservations that are held or confirmed.</param>
/// <param name="Members">Members who have one.</param>
/// <param name="DuplicateKeys">Reservations whose member and key stand on an earlier one too.</param>
public readonly record struct JournalCount(
    long Entries,
    long DistinctSequences,
    long HeadSequence,
    long Held,
    long Confirmed,
    long Reservations,
    long Members,
    long DuplicateKeys);

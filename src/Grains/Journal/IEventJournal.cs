using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>The journal as the owner of an event uses it.</summary>
public interface IEventJournal : IJournalReader
{
    /// <summary>
    /// Appends entries, all or none. The caller assigns the sequences, which must be contiguous. A sequence that is
    /// taken rejects the whole batch (<see cref="AppendStatus.Fenced"/>), and so does a missing predecessor (<see
    /// cref="AppendStatus.WentBack"/>). An owner has at most one append in flight for an event: with two, the second
    /// could be stored after another owner's entries.
    /// </summary>
    /// <param name="eventId">The event.</param>
    /// <param name="after">
    /// The entry that the first one follows; <see cref="JournalHead.None"/> for an event's first entry.
    /// </param>
    /// <param name="entries">The batch, not empty.</param>
    /// <remarks>There is no cancellation token: a caller that left must not make a commit's outcome unknown.</remarks>
    Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries);

    /// <summary>
    /// Repairs an event: moves the entries after a sequence from its journal into a separate table, which keeps them.
    /// </summary>
    /// <param name="eventId">The event.</param>
    /// <param name="after">The last entry that stays.</param>
    /// <param name="last">
    /// The last entry as the caller read it. When it is no longer the last, the event was repaired meanwhile and may
    /// have sold since.
    /// </param>
    /// <param name="actor">Who repairs it.</param>
    /// <returns>How many; -1 when <paramref name="last"/> is not the last entry, and nothing was done.</returns>
    Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor);
}

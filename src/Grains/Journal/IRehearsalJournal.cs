namespace BoxOffice.Grains.Journal;

/// <summary>
/// The entries of rehearsal copies (<see cref="RehearsalCopy"/>): in a table of their own, in no list, and deleted
/// after the rehearsal. A copy is never repaired.
/// </summary>
public interface IRehearsalJournal : IEventJournal, IJournalCounts
{
    /// <summary>Ids of the copies that rehearsals left behind, and of the one that runs.</summary>
    Task<string[]> RehearsalCopiesAsync();

    /// <summary>Deletes the entries of a rehearsal copy. It cannot delete those of a real event.</summary>
    Task DeleteRehearsalCopyAsync(string eventId);
}

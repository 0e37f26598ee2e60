namespace BoxOffice.Grains.Journal;

/// <summary>The entries of rehearsal copies: in a table of their own, and deleted after the rehearsal.</summary>
public interface IRehearsalJournal
{
    /// <summary>Ids of the copies that rehearsals left behind, and of the one that runs.</summary>
    Task<string[]> RehearsalCopiesAsync();

    /// <summary>Deletes the entries of a rehearsal copy. It cannot delete those of a real event.</summary>
    Task DeleteRehearsalCopyAsync(string eventId);
}

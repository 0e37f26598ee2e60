namespace BoxOffice.Grains.Journal;

/// <summary>One event, counted by the database itself.</summary>
/// <param name="Entries">Rows.</param>
/// <param name="DistinctSequences">Different sequences among them.</param>
/// <param name="HeadSequence">The highest sequence.</param>
/// <param name="Held">Tickets in holds.</param>
/// <param name="Confirmed">Tickets sold.</param>
/// <param name="Reservations">Reservations that are held or confirmed.</param>
/// <param name="Members">Members who have one.</param>
/// <param name="DuplicateKeys">Reservations whose member and key are those of an earlier one.</param>
public readonly record struct JournalCount(
    long Entries,
    long DistinctSequences,
    long HeadSequence,
    long Held,
    long Confirmed,
    long Reservations,
    long Members,
    long DuplicateKeys);

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// Identifies the last entry of an event's journal: its sequence, and the moment and actor that an entry of another
/// owner at the same sequence does not share. An append names the head it follows, so that no batch is stored behind a
/// missing or a foreign entry.
/// </summary>
/// <param name="Sequence">Sequence of the entry; 0 when the event has none.</param>
/// <param name="DecidedAt">When it was decided, to the microsecond.</param>
/// <param name="Actor">Who caused it; null when the event has no entry.</param>
public readonly record struct JournalHead(long Sequence, DateTimeOffset DecidedAt, string? Actor)
{
    /// <summary>The head of an event without entries.</summary>
    public static JournalHead None => default;

    /// <summary>The head of a journal whose last entry is this one.</summary>
    public static JournalHead Of(in JournalEntry entry) => new(entry.Sequence, entry.DecidedAt, entry.Actor);
}

namespace BoxOffice;

/// <summary>What happened to an event.</summary>
/// <remarks>Stored: numbers are never reused.</remarks>
public enum EntryKind : short
{
    /// <summary>
    /// The stored row is not what was written: its checksum disagrees (embedded store). No entry is written with it,
    /// and no event is sold beyond it.
    /// </summary>
    Damaged = 0,

    /// <summary>The event was created with <see cref="JournalEntry.Terms"/>. Always the first entry.</summary>
    Opened = 1,

    /// <summary>
    /// Tickets were reserved: held until <see cref="JournalEntry.ExpiresAt"/>, or confirmed at once when it is null.
    /// </summary>
    Reserved = 2,

    /// <summary>A hold became a sale.</summary>
    Confirmed = 3,

    /// <summary>A hold or a sale was cancelled.</summary>
    Cancelled = 4,

    /// <summary>A hold ran out.</summary>
    Expired = 5,

    /// <summary>The terms became <see cref="JournalEntry.Terms"/>.</summary>
    Changed = 6,

    /// <summary>The sale was paused.</summary>
    Paused = 7,

    /// <summary>The sale was resumed.</summary>
    Resumed = 8,

    /// <summary>
    /// A new owner, after a restart or on another silo, claimed the sequence after the head before its first answer.
    /// It changes nothing, and <see cref="JournalEntry.Actor"/> is the silo.
    /// </summary>
    TakenOver = 9,
}

/// <summary>
/// One fact of one event. Facts are only appended; replaying a prefix gives the exact state at that moment.
/// </summary>
/// <param name="Sequence">1, 2, 3 … without gaps, for each event.</param>
/// <param name="Kind">What happened.</param>
/// <param name="DecidedAt">When the owner decided it, to the microsecond; never earlier than the entry before.</param>
/// <param name="Actor">
/// The member whose reservation it is, the operator who changed the event, or the silo that took it over.
/// </param>
/// <param name="Key">The client's idempotency key, with <see cref="EntryKind.Reserved"/>.</param>
/// <param name="Quantity">Tickets that it moves; 0 when it moves none.</param>
/// <param name="ReservationSequence">The sequence of the reservation that it is about; 0 when it is about none.</param>
/// <param name="ExpiresAt">End of the hold, with <see cref="EntryKind.Reserved"/>.</param>
/// <param name="Terms">
/// The terms from now on, with <see cref="EntryKind.Opened"/> and <see cref="EntryKind.Changed"/>.
/// </param>
[GenerateSerializer, Immutable, Alias("BoxOffice.JournalEntry")]
public readonly record struct JournalEntry(
    [property: Id(0)] long Sequence,
    [property: Id(1)] EntryKind Kind,
    [property: Id(2)] DateTimeOffset DecidedAt,
    [property: Id(3)] string Actor,
    [property: Id(4)] string? Key = null,
    [property: Id(5)] int Quantity = 0,
    [property: Id(6)] long ReservationSequence = 0,
    [property: Id(7)] DateTimeOffset? ExpiresAt = null,
    [property: Id(8)] EventTerms? Terms = null);

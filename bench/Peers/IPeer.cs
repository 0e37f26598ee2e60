namespace BoxOffice.Peers;

/// <summary>
/// Another implementation of a ticket sale, as one would write it without BoxOffice. Every sale is of one ticket.
/// </summary>
internal interface IPeer
{
    /// <summary>Puts an event on sale, and deletes its earlier sales.</summary>
    Task OpenAsync(string eventId, int capacity);

    /// <summary>Sells one ticket, and returns when the store has confirmed it.</summary>
    ValueTask<Sale> ReserveAsync(string eventId, string memberId);

    /// <summary>The numbers, from the store and not from memory; null when there is no such event.</summary>
    Task<EventNumbers?> NumbersAsync(string eventId);
}

/// <summary>The result of a reserve call.</summary>
/// <param name="Status">Reserved, sold out or event not found.</param>
/// <param name="Sequence">1 for the first ticket of the event, 2 for the second …; 0 when none was sold.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.Peers.Sale")]
public readonly record struct Sale(
    [property: Id(0)] ReserveStatus Status,
    [property: Id(1)] long Sequence = 0)
{
    /// <summary>No ticket is left.</summary>
    public static readonly Sale SoldOut = new(ReserveStatus.SoldOut);

    /// <summary>The event was never put on sale.</summary>
    public static readonly Sale EventNotFound = new(ReserveStatus.EventNotFound);

    /// <summary>
    /// Converts a store's answer: the sequence, 0 when sold out, null when there is no such event.
    /// </summary>
    public static Sale Of(long? answer) => answer switch
    {
        null => EventNotFound,
        0 => SoldOut,
        { } sequence => new(ReserveStatus.Reserved, sequence),
    };
}

/// <summary>An event's numbers in the store.</summary>
/// <param name="Capacity">All tickets.</param>
/// <param name="Remaining">Tickets left.</param>
/// <param name="Sold">Sales, counted in the store.</param>
/// <param name="Durable">Whether a sale that was answered survives a crash.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.Peers.EventNumbers")]
public sealed record EventNumbers(
    [property: Id(0)] long Capacity,
    [property: Id(1)] long Remaining,
    [property: Id(2)] long Sold,
    [property: Id(3)] bool Durable);

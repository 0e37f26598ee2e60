namespace BoxOffice.Peers;

/// <summary>Another way to sell tickets, as somebody would write it who does not use BoxOffice. Every sale is of one ticket.</summary>
internal interface IPeer
{
    /// <summary>Puts an event on sale; what was sold of it before is forgotten.</summary>
    Task OpenAsync(string eventId, int capacity);

    /// <summary>Sells one ticket, and returns when the store has confirmed it.</summary>
    ValueTask<Sale> ReserveAsync(string eventId, string memberId);

    /// <summary>The numbers, from the store and not from memory; null when there is no such event.</summary>
    Task<EventNumbers?> NumbersAsync(string eventId);
}

/// <summary>What became of one call for a ticket.</summary>
/// <param name="Status">Reserved, sold out, or there is no such event.</param>
/// <param name="Sequence">1 for the first ticket of the event, 2 for the second …; 0 when none was sold.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.Peers.Sale")]
public readonly record struct Sale(
    [property: Id(0)] ReserveStatus Status,
    [property: Id(1)] long Sequence = 0)
{
    /// <summary>Nothing is left.</summary>
    public static readonly Sale SoldOut = new(ReserveStatus.SoldOut);

    /// <summary>It was never put on sale.</summary>
    public static readonly Sale EventNotFound = new(ReserveStatus.EventNotFound);

    /// <summary>From a store's answer: the sequence, 0 when nothing is left, null when there is no such event.</summary>
    public static Sale Of(long? answer) => answer switch
    {
        null => EventNotFound,
        0 => SoldOut,
        { } sequence => new(ReserveStatus.Reserved, sequence),
    };
}

/// <summary>An event as its store has it.</summary>
/// <param name="Capacity">Tickets in all.</param>
/// <param name="Remaining">Tickets left.</param>
/// <param name="Sold">Sales, counted in the store.</param>
/// <param name="Durable">Whether a sale that was answered survives a crash.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.Peers.EventNumbers")]
public sealed record EventNumbers(
    [property: Id(0)] long Capacity,
    [property: Id(1)] long Remaining,
    [property: Id(2)] long Sold,
    [property: Id(3)] bool Durable);

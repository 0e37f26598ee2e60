namespace BoxOffice;

/// <summary>The call has no effect: the caller may retry.</summary>
[GenerateSerializer, Alias("BoxOffice.NotAppliedException")]
public sealed class NotAppliedException : Exception
{
    /// <summary>Says why.</summary>
    public NotAppliedException(string message) : base(message) { }

    /// <summary>Says why, and what caused it.</summary>
    public NotAppliedException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>
/// The call has no effect: too many calls are waiting. Retrying at once would add to the load.
/// </summary>
[GenerateSerializer, Alias("BoxOffice.BusyException")]
public sealed class BusyException : Exception
{
    /// <summary>Says what is full.</summary>
    public BusyException(string message) : base(message) { }
}

/// <summary>
/// The event's journal cannot be replayed: an entry is missing, or cannot follow from the one before. The call has no
/// effect, and none will until an operator has repaired it (<see cref="ITicketEventGrain.Repair"/>).
/// </summary>
[GenerateSerializer, Alias("BoxOffice.EventBrokenException")]
public sealed class EventBrokenException : Exception
{
    /// <summary>Says what is broken.</summary>
    public EventBrokenException(string message) : base(message) { }
}

/// <summary>The call may have an effect, now or later. Only a repetition with the same key tells.</summary>
[GenerateSerializer, Alias("BoxOffice.OutcomeUnknownException")]
public sealed class OutcomeUnknownException : Exception
{
    /// <summary>Says why.</summary>
    public OutcomeUnknownException(string message) : base(message) { }
}

namespace BoxOffice;

/// <summary>
/// The door of one silo: takes calls for several of its events in one message, because most of what a call costs is its
/// message. Each silo has its own, which answers the front-ends that are connected to it.
/// </summary>
[Alias("BoxOffice.ISiloDoorGrain")]
public interface ISiloDoorGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Asks each event, all at once. Whoever has not answered after some milliseconds does not hold up the others: for it there
    /// is a number, with which <see cref="Late"/> gives the answer.
    /// </summary>
    /// <returns>In the order of the calls.</returns>
    [Alias("Reserve")]
    Task<JoinedAnswer[]> Reserve([Immutable] EventCalls[] calls);

    /// <summary>The answer of an event that was late, when there is one. It can be fetched once.</summary>
    /// <exception cref="OutcomeUnknownException">This silo does not know the number, or not any more.</exception>
    [Alias("Late")]
    Task<JoinedAnswer> Late(long number);
}

/// <summary>Calls for one event: the arguments of <see cref="ITicketEventGrain.Reserve"/>.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Requests">The calls.</param>
/// <param name="ValidUntil">After this moment nothing is decided any more.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.EventCalls")]
public readonly record struct EventCalls(
    [property: Id(0)] string EventId,
    [property: Id(1)] ReserveRequest[] Requests,
    [property: Id(2)] DateTimeOffset ValidUntil);

/// <summary>What became of the calls for one event; one of the three is set.</summary>
/// <param name="Results">What it answered.</param>
/// <param name="Failure">What it threw.</param>
/// <param name="LateNumber">It has not answered yet: for <see cref="ISiloDoorGrain.Late"/>.</param>
[GenerateSerializer, Immutable, OmitDefaultMemberValues, Alias("BoxOffice.JoinedAnswer")]
public readonly record struct JoinedAnswer(
    [property: Id(0)] ReserveResults? Results = null,
    [property: Id(1)] Exception? Failure = null,
    [property: Id(2)] long? LateNumber = null);

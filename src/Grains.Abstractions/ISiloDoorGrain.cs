namespace BoxOffice;

/// <summary>
/// The door of one silo: takes calls for several of its events in one message, because most of what a call costs is its
/// message. Each silo has its own, which answers the front-ends that are connected to it.
/// </summary>
[Alias("BoxOffice.ISiloDoorGrain")]
public interface ISiloDoorGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// How long one event may hold up others. A tenth of a second: more than a commit takes, also with a standby far away, and less
    /// than buyers notice.
    /// </summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Asks each event, all at once. Whoever has not answered after <see cref="Patience"/> does not hold up the others: for it
    /// there is a number, with which <see cref="Late"/> gives the answer.
    /// </summary>
    /// <returns>In the order of the calls.</returns>
    [Alias("Reserve")]
    Task<JoinedAnswer[]> Reserve([Immutable] EventCalls[] calls);

    /// <summary>The answer of an event that was late, when there is one. It can be fetched once.</summary>
    /// <exception cref="OutcomeUnknownException">This silo does not know the number, or not any more.</exception>
    [Alias("Late")]
    Task<JoinedAnswer> Late(long number);
}

/// <summary>An event, for the door of its silo.</summary>
[Alias("BoxOffice.IJoinedEventGrain")]
public interface IJoinedEventGrain : IGrainWithStringKey
{
    /// <summary>
    /// The same as <see cref="ITicketEventGrain.Reserve"/>, but for how long a silo waits for it: longer than for another silo, and
    /// longer than an append can take. Front-ends, who wait behind the silo, have patience of their own.
    /// </summary>
    [Alias("Reserve"), ResponseTimeout("00:00:30")]
    Task<ReserveResults> Reserve([Immutable] ReserveRequest[] requests, DateTimeOffset validUntil);
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

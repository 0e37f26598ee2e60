namespace BoxOffice;

/// <summary>
/// Takes batches for several events of one silo in one message, because most of what a call costs is its message. Each
/// silo has its own, which answers the front-ends that are connected to it.
/// </summary>
[Alias("BoxOffice.ISiloDoorGrain")]
public interface IReserveBatchGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// How long one event may delay others. A tenth of a second: more than a commit takes, also with a standby far
    /// away, and less than buyers notice.
    /// </summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Asks each event, all at once. The result of an event that has not answered after <see cref="Patience"/> is
    /// pending: it has an id, with which <see cref="Pending"/> gives it.
    /// </summary>
    /// <returns>In the order of the calls.</returns>
    [Alias("Reserve")]
    Task<BatchAnswer[]> Reserve([Immutable] EventCalls[] calls);

    /// <summary>A pending result, when it comes. It can be fetched once.</summary>
    /// <exception cref="OutcomeUnknownException">This silo does not know the id, or no longer.</exception>
    [Alias("Late")]
    Task<BatchAnswer> Pending(long id);
}

/// <summary>An event, for the silo that passes a batch to it.</summary>
[Alias("BoxOffice.IJoinedEventGrain")]
public interface IBatchedEventGrain : IGrainWithStringKey
{
    /// <summary>
    /// The same as <see cref="ITicketEventGrain.Reserve"/>, but a silo waits longer for it than for another silo, and
    /// longer than an append can take. Front-ends have their own timeout.
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

/// <summary>The outcome of the calls for one event; one of the three is set.</summary>
/// <param name="Results">What it answered.</param>
/// <param name="Failure">What it threw.</param>
/// <param name="PendingId">It has not answered yet: for <see cref="IReserveBatchGrain.Pending"/>.</param>
[GenerateSerializer, Immutable, OmitDefaultMemberValues, Alias("BoxOffice.JoinedAnswer")]
public readonly record struct BatchAnswer(
    [property: Id(0)] ReserveResults? Results = null,
    [property: Id(1)] Exception? Failure = null,
    [property: Id(2)] long? PendingId = null);

namespace BoxOffice;

/// <summary>Where a reservation stands.</summary>
public enum ReservationState : byte
{
    /// <summary>Set aside until <see cref="Reservation.ExpiresAt"/>.</summary>
    Held = 1,

    /// <summary>Sold.</summary>
    Confirmed = 2,

    /// <summary>Given back by its member.</summary>
    Cancelled = 3,

    /// <summary>The hold ran out.</summary>
    Expired = 4,
}

/// <summary>Tickets of one event set aside for, or sold to, one member.</summary>
/// <param name="Sequence">Sequence of its first entry: with the event's id, its name.</param>
/// <param name="Quantity">Tickets.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ReservedAt">When it was decided.</param>
/// <param name="ExpiresAt">End of the hold; null when it was confirmed at once.</param>
[GenerateSerializer, Immutable, OmitDefaultMemberValues, Alias("BoxOffice.Reservation")]
public readonly record struct Reservation(
    [property: Id(0)] long Sequence,
    [property: Id(1)] int Quantity,
    [property: Id(2)] ReservationState State,
    [property: Id(3)] DateTimeOffset ReservedAt,
    [property: Id(4)] DateTimeOffset? ExpiresAt);

/// <summary>A reservation with its owner, for the operator's export.</summary>
[GenerateSerializer, Immutable, Alias("BoxOffice.ExportedReservation")]
public readonly record struct ExportedReservation(
    [property: Id(0)] string MemberId,
    [property: Id(1)] Reservation Reservation);

/// <summary>One call for tickets.</summary>
/// <param name="MemberId">Who asks, from the token.</param>
/// <param name="Key">The client's idempotency key, 1 to <see cref="KeyLengthMax"/> visible characters, or null.</param>
/// <param name="Quantity">Tickets; anything outside 1 to <see cref="QuantityMax"/> is refused.</param>
/// <param name="KnowsCycling">
/// True when the front-end understands <see cref="ReserveStatus.Cycling"/>. One of the version before does not, and its
/// members are not refused for that reason, until it is upgraded too.
/// </param>
[GenerateSerializer, Immutable, OmitDefaultMemberValues, Alias("BoxOffice.ReserveRequest")]
public readonly record struct ReserveRequest(
    [property: Id(0)] string MemberId,
    [property: Id(1)] string? Key,
    [property: Id(2)] int Quantity,
    [property: Id(3)] bool KnowsCycling = false)
{
    /// <summary>Longest idempotency key in characters.</summary>
    public const int KeyLengthMax = 128;

    /// <summary>Most tickets in one call: a coach party; larger orders are an operator's business.</summary>
    public const int QuantityMax = 1_000;
}

/// <summary>Outcome of <see cref="ITicketEventGrain.Reserve"/>, in order of precedence.</summary>
public enum ReserveStatus : byte
{
    /// <summary>The event was never opened.</summary>
    EventNotFound = 1,

    /// <summary>The key was used before with the same quantity: the first answer, again.</summary>
    Replayed = 2,

    /// <summary>The key was used before with another quantity.</summary>
    IdempotencyMismatch = 3,

    /// <summary>Quantity outside 1 to <see cref="ReserveRequest.QuantityMax"/>.</summary>
    InvalidQuantity = 4,

    /// <summary>An operator paused the sale.</summary>
    Paused = 5,

    /// <summary>Before <see cref="EventTerms.OpensAt"/>.</summary>
    NotOpen = 6,

    /// <summary>At or after <see cref="EventTerms.ClosesAt"/>.</summary>
    Closed = 7,

    /// <summary>The member would have more than <see cref="EventTerms.MaxPerMember"/>.</summary>
    LimitExceeded = 8,

    /// <summary>Nothing available and nothing held.</summary>
    SoldOut = 9,

    /// <summary>Nothing available, but some is held and may come back.</summary>
    AllHeld = 10,

    /// <summary>Less available than asked for.</summary>
    Insufficient = 11,

    /// <summary>
    /// The member let too many reservations of this event go, by cancelling or by expiry, and waits. Only for a caller
    /// that <see cref="ReserveRequest.KnowsCycling"/>.
    /// </summary>
    Cycling = 13,

    /// <summary>Reserved: held, or confirmed at once.</summary>
    Reserved = 12,
}

/// <summary>Answer to one call for tickets.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Reservation">
/// With <see cref="ReserveStatus.Reserved"/> and <see cref="ReserveStatus.Replayed"/>: as it was first answered.
/// </param>
/// <param name="Refusal">What the refused may want to know; null when there is nothing to add.</param>
[GenerateSerializer, Immutable, OmitDefaultMemberValues, Alias("BoxOffice.ReserveResult")]
public readonly record struct ReserveResult(
    [property: Id(0)] ReserveStatus Status,
    [property: Id(1)] Reservation? Reservation = null,
    [property: Id(2)] Refusal? Refusal = null);

/// <summary>Answers to a batch of calls for tickets.</summary>
/// <param name="Results">In the order of the requests.</param>
/// <param name="Gateway">
/// The gateway of the silo that owns the event, as <c>address:port</c>: the next batch can go straight there.
/// </param>
/// <param name="SoldOutAt">
/// The sequence of the head, when the event is sold out with this batch: <see cref="ITicketEventGrain.SoldOut"/> tells
/// more. 0 when it is not.
/// </param>
/// <param name="Turn">How long it took to decide the batch.</param>
/// <param name="Store">And then until all of it was durable.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.ReserveResults")]
public readonly record struct ReserveResults(
    [property: Id(0)] ReserveResult[] Results,
    [property: Id(1)] string Gateway,
    [property: Id(2)] long SoldOutAt = 0,
    [property: Id(3)] TimeSpan Turn = default,
    [property: Id(4)] TimeSpan Store = default);

/// <summary>
/// What lets a front-end refuse by itself: for a while, every call gets <see cref="ReserveStatus.SoldOut"/> that is no
/// repetition and asks for no more than a member may have.
/// </summary>
/// <param name="Sequence">The head at which this holds.</param>
/// <param name="MaxPerMember">Tickets that a member may have; a call for more gets another answer.</param>
/// <param name="Used">
/// Tickets of members who have some, by <see cref="FingerprintOf(string)"/>. When two share one, the larger number.
/// </param>
/// <param name="Keys">
/// <see cref="FingerprintOf(string, string)"/> of every call with a key that reserved something: its repetition gets
/// the first answer. When two calls share one, the event is called without need.
/// </param>
[GenerateSerializer, Immutable, Alias("BoxOffice.SoldOutNotice")]
public sealed record SoldOutNotice(
    [property: Id(0)] long Sequence,
    [property: Id(1)] int MaxPerMember,
    [property: Id(2)] Dictionary<uint, int> Used,
    [property: Id(3)] HashSet<ulong> Keys)
{
    /// <summary>
    /// Most members and keys in a notice: some megabytes. An event with more is not latched; the owner refuses by
    /// itself.
    /// </summary>
    public const int SizeMax = 500_000;

    /// <summary>True when the event would answer this call with <see cref="ReserveStatus.SoldOut"/>.</summary>
    public bool IsFor(in ReserveRequest request) =>
        request.Quantity is >= 1 and <= ReserveRequest.QuantityMax
        && Used.GetValueOrDefault(FingerprintOf(request.MemberId)) + request.Quantity <= MaxPerMember
        && (request.Key is null || !Keys.Contains(FingerprintOf(request.MemberId, request.Key)));

    /// <summary>A member's, the same in every process: a few bytes, however long the id.</summary>
    public static uint FingerprintOf(string memberId) => StableHash.ComputeHash(memberId);

    /// <summary>A call's, the same in every process.</summary>
    public static ulong FingerprintOf(string memberId, string key) =>
        ((ulong)FingerprintOf(memberId) << 32) | StableHash.ComputeHash(key);
}

/// <summary>Facts behind a refusal; each is set only where it applies.</summary>
/// <param name="DecidedAt">The owner's time.</param>
/// <param name="RetryAt">When it may be worth trying again: the opening, or the earliest expiry of a hold.</param>
/// <param name="Limit">Tickets a member may have.</param>
/// <param name="Used">Tickets this member has.</param>
/// <param name="Available">Tickets left.</param>
[GenerateSerializer, Immutable, OmitDefaultMemberValues, Alias("BoxOffice.Refusal")]
public sealed record Refusal(
    [property: Id(0)] DateTimeOffset DecidedAt,
    [property: Id(1)] DateTimeOffset? RetryAt = null,
    [property: Id(2)] int? Limit = null,
    [property: Id(3)] int? Used = null,
    [property: Id(4)] int? Available = null);

/// <summary>Outcome of a call on one reservation, in order of precedence.</summary>
public enum ReservationStatus : byte
{
    /// <summary>No such reservation, or it is another member's.</summary>
    NotFound = 1,

    /// <summary>It was cancelled before; it cannot be confirmed.</summary>
    AlreadyCancelled = 2,

    /// <summary>The hold ran out before.</summary>
    HoldExpired = 3,

    /// <summary>Done, or it was so already.</summary>
    Done = 4,
}

/// <summary>Answer to a call on one reservation.</summary>
[GenerateSerializer, Immutable, Alias("BoxOffice.ReservationResult")]
public readonly record struct ReservationResult(
    [property: Id(0)] ReservationStatus Status,
    [property: Id(1)] Reservation? Reservation = null);

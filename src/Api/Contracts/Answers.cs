using System.Text.Json.Serialization;

namespace BoxOffice.Api.Contracts;

/// <summary>The envelope of every success.</summary>
public sealed record Answer<T>(T Data) where T : notnull;

/// <summary>The caller's reservations.</summary>
/// <param name="Data">The newest first.</param>
/// <param name="Unavailable">
/// Events that did not answer: the caller may have reservations there. Absent when all did.
/// </param>
public sealed record ReservationsAnswer(
    ReservationAnswer[] Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string[]? Unavailable = null);

/// <summary>What a repair did.</summary>
/// <param name="EventId">The event.</param>
/// <param name="UpTo">The last entry that stayed.</param>
/// <param name="SetAside">Entries taken out of the journal, which are kept aside.</param>
public sealed record RepairAnswer(string EventId, long UpTo, long SetAside);

/// <summary>A front-end's own state, and the errors of its clock.</summary>
/// <param name="Status">READY or ALIVE.</param>
/// <param name="Version">The version of the program, such as 0.1.0.</param>
/// <param name="ClockErrorSeconds">
/// By how many seconds the time source is ahead of the sale's clock; only while a step of the source is not followed.
/// </param>
/// <param name="ClockAheadSeconds">
/// By how many seconds the embedded store's journal, as it was opened, ends in the future; only when it does.
/// </param>
public sealed record HealthAnswer(
    string Status,
    string Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ClockErrorSeconds = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ClockAheadSeconds = null);

/// <summary>A member who signed up.</summary>
public sealed record MemberAnswer(string Id);

/// <summary>A token, and when it expires.</summary>
public sealed record TokenAnswer(string AccessToken, DateTimeOffset ExpiresAt);

/// <summary>Tokens, in the order of the members' numbers.</summary>
public sealed record TokensAnswer(string[] Tokens);

/// <summary>How many members are new.</summary>
public sealed record CreatedAnswer(int Created);

/// <summary>A reservation, to its member.</summary>
/// <param name="ReservationId">Names it; only its member gets an answer.</param>
/// <param name="EventId">The event.</param>
/// <param name="Quantity">Tickets.</param>
/// <param name="Status">HELD until it is confirmed, cancelled or expired.</param>
/// <param name="Sequence">Of its first entry in the event's journal.</param>
/// <param name="ExpiresAt">When the hold ends; null when it is confirmed.</param>
public sealed record ReservationAnswer(
    string ReservationId,
    string EventId,
    int Quantity,
    [property: JsonConverter(typeof(UpperCaseEnumConverter<ReservationState>))] ReservationState Status,
    long Sequence,
    DateTimeOffset? ExpiresAt)
{
    /// <summary>From the event's answer.</summary>
    public static ReservationAnswer Of(string eventId, in Reservation reservation) => new(
        Identifiers.ReservationId(eventId, reservation.Sequence),
        eventId,
        reservation.Quantity,
        reservation.State,
        reservation.Sequence,
        reservation.State == ReservationState.Confirmed ? null : reservation.ExpiresAt);
}

/// <summary>A reservation, to an operator.</summary>
public sealed record ExportedReservationAnswer(
    string ReservationId,
    string MemberId,
    int Quantity,
    [property: JsonConverter(typeof(UpperCaseEnumConverter<ReservationState>))] ReservationState Status,
    long Sequence,
    DateTimeOffset ReservedAt,
    DateTimeOffset? ExpiresAt)
{
    /// <summary>From the event's answer.</summary>
    public static ExportedReservationAnswer Of(string eventId, in ExportedReservation exported)
    {
        var answer = ReservationAnswer.Of(eventId, exported.Reservation);
        return new(answer.ReservationId, exported.MemberId, answer.Quantity, answer.Status, answer.Sequence,
            exported.Reservation.ReservedAt, answer.ExpiresAt);
    }
}

/// <summary>An event's numbers, all of one moment.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">The name shown to people.</param>
/// <param name="Capacity">Tickets in all.</param>
/// <param name="Available">Tickets that can be reserved.</param>
/// <param name="Held">Tickets of holds.</param>
/// <param name="Confirmed">Tickets that are sold.</param>
/// <param name="State">What a buyer can do now.</param>
/// <param name="OpensAt">When the sale begins; null: it has begun since ever.</param>
/// <param name="ClosesAt">When the sale ends; null: never.</param>
/// <param name="MaxPerMember">Tickets for one member.</param>
/// <param name="HoldSeconds">How long a reservation is held; 0: it is confirmed at once.</param>
/// <param name="Version">Differs as soon as anything here differs; also the ETag.</param>
/// <param name="ClockAheadSeconds">
/// By how many seconds the event's last entry lies in the future; only when it does.
/// </param>
/// <param name="ClockErrorSeconds">
/// By how many seconds the time source is ahead of the sale's clock; only while a step of the source is not followed.
/// </param>
public sealed record EventAnswer(
    string Id,
    string Name,
    int Capacity,
    int Available,
    int Held,
    int Confirmed,
    [property: JsonConverter(typeof(UpperCaseEnumConverter<SaleState>))] SaleState State,
    DateTimeOffset? OpensAt,
    DateTimeOffset? ClosesAt,
    int MaxPerMember,
    int HoldSeconds,
    long Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ClockAheadSeconds = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ClockErrorSeconds = null)
{
    /// <summary>From the event's answer.</summary>
    public static EventAnswer Of(EventStatus status) => new(
        status.Id, status.Terms.Name, status.Terms.Capacity, status.Available, status.Held, status.Confirmed,
        status.State, status.Terms.OpensAt, status.Terms.ClosesAt, status.Terms.MaxPerMember,
        status.Terms.HoldSeconds, status.Version,
        status.ClockAhead?.TotalSeconds, status.ClockError?.TotalSeconds);
}

/// <summary>One line of the journal.</summary>
public sealed record EntryAnswer(
    long Sequence,
    [property: JsonConverter(typeof(UpperCaseEnumConverter<EntryKind>))] EntryKind Kind,
    DateTimeOffset DecidedAt,
    string Actor,
    string? IdempotencyKey,
    int Quantity,
    string? ReservationId,
    DateTimeOffset? ExpiresAt,
    EventTerms? Terms)
{
    /// <summary>From the stored entry.</summary>
    public static EntryAnswer Of(string eventId, in JournalEntry entry) => new(
        entry.Sequence, entry.Kind, entry.DecidedAt, entry.Actor, entry.Key, entry.Quantity,
        entry.ReservationSequence == 0 ? null : Identifiers.ReservationId(eventId, entry.ReservationSequence),
        entry.ExpiresAt, entry.Terms);
}

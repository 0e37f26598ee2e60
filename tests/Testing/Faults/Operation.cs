namespace BoxOffice.Testing.Faults;

/// <summary>What a client asked for.</summary>
public enum Verb
{
    Reserve = 1,
    Confirm = 2,
    Cancel = 3,
    Status = 4,

    /// <summary>A member looks at all reservations of its own, of which those of one event are written down.</summary>
    Mine = 5,

    /// <summary>An operator looks at all reservations of an event.</summary>
    Export = 6,

    /// <summary>A member looks at one reservation of its own.</summary>
    Find = 7,
}

/// <summary>What a client knows after a call.</summary>
public enum Outcome
{
    /// <summary>Nobody told: it may have been done, or be done later.</summary>
    Unknown = 1,

    /// <summary>Surely not done, and never will be through this call.</summary>
    Refused = 2,

    /// <summary>Done, and durable.</summary>
    Ok = 3,
}

/// <summary>Whether trouble was being made when a call was sent.</summary>
public enum Phase
{
    Sale = 1,
    Healed = 2,
}

/// <summary>What was asked, of which front-end.</summary>
/// <param name="Verb">What was asked for.</param>
/// <param name="EventId">Of which event.</param>
/// <param name="MemberId">By whom; empty for a status, and for an operator.</param>
/// <param name="Key">The idempotency key, if one was sent.</param>
/// <param name="Quantity">Tickets asked for.</param>
/// <param name="Sequence">The reservation to confirm, cancel or find; 0 otherwise.</param>
/// <param name="Phase">When, in relation to the faults.</param>
/// <param name="FrontEnd">The address that was called.</param>
public sealed record Call(
    Verb Verb,
    string EventId,
    string MemberId = "",
    string? Key = null,
    int Quantity = 0,
    long Sequence = 0,
    Phase Phase = Phase.Sale,
    string? FrontEnd = null);

/// <summary>A reservation as its member was told.</summary>
/// <param name="ReservationId">Its id.</param>
/// <param name="Quantity">Tickets.</param>
/// <param name="Status">HELD, CONFIRMED, CANCELLED or EXPIRED.</param>
/// <param name="Sequence">The sequence of its first entry.</param>
/// <param name="ExpiresAt">When the hold ends.</param>
/// <param name="MemberId">Whose it is, when an operator was told.</param>
public sealed record ToldReservation(
    string ReservationId, int Quantity, string Status, long Sequence, DateTimeOffset? ExpiresAt, string? MemberId = null);

/// <summary>An event's numbers as somebody was told.</summary>
public sealed record ToldNumbers(int Available, int Held, int Confirmed, long Version);

/// <summary>What came back.</summary>
/// <param name="Outcome">What the client knows now.</param>
/// <param name="Http">The HTTP status; null when none came.</param>
/// <param name="Code">The problem's code, or what broke.</param>
/// <param name="Available">Tickets left, when the refusal said so.</param>
/// <param name="Reservation">With an accepted reserve, confirm or cancel.</param>
/// <param name="Numbers">With a status.</param>
/// <param name="List">With a list of reservations, and with one that was looked at.</param>
public sealed record Answer(
    Outcome Outcome,
    int? Http = null,
    string? Code = null,
    int? Available = null,
    ToldReservation? Reservation = null,
    ToldNumbers? Numbers = null,
    IReadOnlyList<ToldReservation>? List = null);

/// <summary>One call of one client, from just before it was sent until its answer was read.</summary>
/// <param name="Id">1, 2, 3 … in the order of sending.</param>
/// <param name="Call">What was asked.</param>
/// <param name="InvokedAt">Before sending, since the history's start, on a monotonic clock.</param>
/// <param name="CompletedAt">After the answer; null while there is none, and after a run that was cut off.</param>
/// <param name="Answer">What came back.</param>
public sealed record Operation(long Id, Call Call, TimeSpan InvokedAt, TimeSpan? CompletedAt = null, Answer? Answer = null)
{
    /// <summary>Without an answer nobody knows.</summary>
    public Outcome Outcome => Answer?.Outcome ?? Outcome.Unknown;

    public bool IsOk => Outcome == Outcome.Ok;

    public bool IsRefused => Outcome == Outcome.Refused;

    /// <summary>It was done, or may have been.</summary>
    public bool MayHaveHappened => Outcome != Outcome.Refused;

    /// <summary>The reservation that it is about: told by a reserve, named by a confirm, cancel or find.</summary>
    public long ReservationSequence => Call.Verb == Verb.Reserve ? Answer?.Reservation?.Sequence ?? 0 : Call.Sequence;

    public override string ToString()
    {
        var asked = Call.Verb switch
        {
            Verb.Reserve => $"reserve {Call.Quantity} of {Call.EventId} with {(Call.Key is null ? "no key" : $"key {Call.Key}")}",
            Verb.Status => $"status of {Call.EventId}",
            Verb.Mine => $"own reservations of {Call.EventId}",
            Verb.Export => $"all reservations of {Call.EventId}",
            _ => $"{Call.Verb.ToString().ToLowerInvariant()} {Call.EventId}-{Call.Sequence}",
        };
        var end = CompletedAt is { } at ? $"{at.TotalSeconds:F6} s" : "never";
        return $"#{Id} {Call.MemberId} {asked} ({InvokedAt.TotalSeconds:F6} s to {end}: {Outcome} {Answer?.Code})";
    }
}

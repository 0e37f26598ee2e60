namespace BoxOffice.Testing.Faults;

/// <summary>The kind of a call.</summary>
public enum Verb
{
    Reserve = 1,
    Confirm = 2,
    Cancel = 3,
    Status = 4,

    /// <summary>A member lists its own reservations; those of one event are recorded.</summary>
    Mine = 5,

    /// <summary>An operator lists all reservations of an event.</summary>
    Export = 6,

    /// <summary>A member reads one of its reservations.</summary>
    Find = 7,
}

/// <summary>A client's knowledge after a call.</summary>
public enum Outcome
{
    /// <summary>Without a definite answer: the call may have been executed, or may be later.</summary>
    Unknown = 1,

    /// <summary>Not executed, and never will be.</summary>
    Refused = 2,

    /// <summary>Executed, and durable.</summary>
    Ok = 3,
}

/// <summary>Whether a call was sent before or after the faults were healed.</summary>
public enum Phase
{
    Sale = 1,
    Healed = 2,
}

/// <summary>A call to a front-end.</summary>
/// <param name="Verb">The kind of the call.</param>
/// <param name="EventId">The event.</param>
/// <param name="MemberId">The calling member; empty for a status, and for an operator.</param>
/// <param name="Key">The idempotency key, if one was sent.</param>
/// <param name="Quantity">Tickets asked for.</param>
/// <param name="Sequence">The reservation to confirm, cancel or find; 0 otherwise.</param>
/// <param name="Phase">Before or after healing.</param>
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

/// <summary>A reservation in an answer.</summary>
/// <param name="ReservationId">Its id.</param>
/// <param name="Quantity">Number of tickets.</param>
/// <param name="Status">HELD, CONFIRMED, CANCELLED or EXPIRED.</param>
/// <param name="Sequence">The sequence of its first entry.</param>
/// <param name="ExpiresAt">When the hold ends.</param>
/// <param name="MemberId">The owner, in answers to operators.</param>
public sealed record ReportedReservation(
    string ReservationId,
    int Quantity,
    string Status,
    long Sequence,
    DateTimeOffset? ExpiresAt,
    string? MemberId = null);

/// <summary>An event's numbers in an answer.</summary>
public sealed record ReportedNumbers(int Available, int Held, int Confirmed, long Version);

/// <summary>A client's view of an answer.</summary>
/// <param name="Outcome">The client's knowledge.</param>
/// <param name="Http">The HTTP status; null without a response.</param>
/// <param name="Code">The problem's code, or the kind of the client's failure.</param>
/// <param name="Available">Tickets left, when the refusal has the number.</param>
/// <param name="Reservation">The reservation of an accepted reserve, confirm or cancel.</param>
/// <param name="Numbers">The numbers of a status.</param>
/// <param name="List">The reservations of a list or a single read.</param>
public sealed record Answer(
    Outcome Outcome,
    int? Http = null,
    string? Code = null,
    int? Available = null,
    ReportedReservation? Reservation = null,
    ReportedNumbers? Numbers = null,
    IReadOnlyList<ReportedReservation>? List = null);

/// <summary>One call of one client, from just before it was sent until its answer was read.</summary>
/// <param name="Id">1, 2, 3 … in the order of sending.</param>
/// <param name="Call">The call.</param>
/// <param name="InvokedAt">Before sending, since the history's start, on a monotonic clock.</param>
/// <param name="CompletedAt">After the answer; null without one, also when the run crashed.</param>
/// <param name="Answer">The answer.</param>
public sealed record Operation(
    long Id, Call Call, TimeSpan InvokedAt, TimeSpan? CompletedAt = null, Answer? Answer = null)
{
    /// <summary>The outcome; unknown without an answer.</summary>
    public Outcome Outcome => Answer?.Outcome ?? Outcome.Unknown;

    public bool IsOk => Outcome == Outcome.Ok;

    public bool IsRefused => Outcome == Outcome.Refused;

    /// <summary>True when it was executed, or may have been.</summary>
    public bool MayHaveHappened => Outcome != Outcome.Refused;

    /// <summary>
    /// The reservation of the call: from the answer of a reserve, or named by a confirm, cancel or find.
    /// </summary>
    public long ReservationSequence => Call.Verb == Verb.Reserve ? Answer?.Reservation?.Sequence ?? 0 : Call.Sequence;

    public override string ToString()
    {
        var asked = Call.Verb switch
        {
            Verb.Reserve =>
                $"reserve {Call.Quantity} of {Call.EventId} with {(Call.Key is null ? "no key" : $"key {Call.Key}")}",
            Verb.Status => $"status of {Call.EventId}",
            Verb.Mine => $"own reservations of {Call.EventId}",
            Verb.Export => $"all reservations of {Call.EventId}",
            _ => $"{Call.Verb.ToString().ToLowerInvariant()} {Call.EventId}-{Call.Sequence}",
        };
        var end = CompletedAt is { } at ? $"{at.TotalSeconds:F6} s" : "never";
        return $"#{Id} {Call.MemberId} {asked} ({InvokedAt.TotalSeconds:F6} s to {end}: {Outcome} {Answer?.Code})";
    }
}

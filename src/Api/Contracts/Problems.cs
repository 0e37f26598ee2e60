namespace BoxOffice.Api.Contracts;

/// <summary>Every problem that this API answers, in one place.</summary>
public static class Problems
{
    private const int BusyRetryMs = 250;
    private const int StreamRetryMs = 5_000; // streams stay open for long
    private const int BrokenRetryMs = 60_000; // an operator has to act

    /// <summary>400, or the framework's status: the request cannot be read.</summary>
    public static Problem InvalidRequest(int status) =>
        new(status, "INVALID_REQUEST", "The request cannot be read.", true);

    /// <summary>400: a field cannot be read.</summary>
    /// <param name="detail">One sentence.</param>
    /// <param name="field"><c>body</c> for the body as a whole.</param>
    /// <param name="reason">After the field's name.</param>
    public static Problem InvalidRequest(string detail, string field, string reason) =>
        new(400, "INVALID_REQUEST", "The request cannot be read.", true)
        { Detail = detail, Errors = new Dictionary<string, string[]> { [field] = [reason] } };

    /// <summary>401: no token, or one that is not valid.</summary>
    public static readonly Problem Unauthenticated = new(401, "UNAUTHENTICATED", "A valid token is needed.", true);

    /// <summary>401: wrong id or password; the same for both.</summary>
    public static readonly Problem BadCredentials =
        new(401, "BAD_CREDENTIALS", "The id or the password is wrong.", true);

    /// <summary>403: the token does not allow this.</summary>
    public static readonly Problem Forbidden = new(403, "FORBIDDEN", "Only an operator may do this.", true);

    /// <summary>404: no such path.</summary>
    public static readonly Problem NotFound = new(404, "NOT_FOUND", "There is nothing here.", true);

    /// <summary>404: no such event.</summary>
    public static readonly Problem EventNotFound = new(404, "EVENT_NOT_FOUND", "There is no such event.", true);

    /// <summary>404: no such reservation of this member.</summary>
    public static readonly Problem ReservationNotFound =
        new(404, "RESERVATION_NOT_FOUND", "You have no such reservation.", true);

    /// <summary>404: no such rehearsal among those that are kept.</summary>
    public static readonly Problem RehearsalNotFound =
        new(404, "REHEARSAL_NOT_FOUND", "There is no such rehearsal among the last ones.", true);

    /// <summary>404: the rehearsal ended without a report.</summary>
    public static readonly Problem ReportNotFound =
        new(404, "REPORT_NOT_FOUND", "This rehearsal was stopped or failed, and has no report.", true);

    /// <summary>405: the path is right, the method is not.</summary>
    public static readonly Problem MethodNotAllowed =
        new(405, "METHOD_NOT_ALLOWED", "This method is not allowed here.", true);

    /// <summary>409: the event's id is taken.</summary>
    public static readonly Problem EventExists = new(409, "EVENT_EXISTS", "There is an event with this id.", true);

    /// <summary>409: a capacity below the tickets held and sold.</summary>
    public static readonly Problem CapacityBelowSold =
        new(409, "CAPACITY_BELOW_SOLD", "More tickets are held and sold than that.", true);

    /// <summary>409: the member's id is taken.</summary>
    public static readonly Problem MemberExists = new(409, "MEMBER_EXISTS", "There is a member with this id.", true);

    /// <summary>409: cancelled before.</summary>
    public static readonly Problem AlreadyCancelled =
        new(409, "ALREADY_CANCELLED", "This reservation was cancelled.", true);

    /// <summary>409: one at a time in the whole cluster; and before its end there is no report.</summary>
    public static Problem RehearsalRunning(string id) =>
        new(409, "REHEARSAL_RUNNING", "A rehearsal is under way.", false) { RehearsalId = id };

    /// <summary>410: the hold ran out.</summary>
    public static readonly Problem HoldExpired = new(410, "HOLD_EXPIRED", "This hold has expired.", true);

    /// <summary>412: the event is not the version that If-Match names.</summary>
    public static readonly Problem VersionMismatch =
        new(412, "VERSION_MISMATCH", "The event has changed since that version; read it again.", true);

    /// <summary>413: the body is too long.</summary>
    public static readonly Problem PayloadTooLarge = new(413, "PAYLOAD_TOO_LARGE", "The body is too long.", true);

    /// <summary>415: the body is not JSON in UTF-8, or it is compressed.</summary>
    public static readonly Problem UnsupportedMediaType = new(
        415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json in UTF-8, without a Content-Encoding.", true);

    /// <summary>422: a member's id out of form.</summary>
    public static readonly Problem InvalidMemberId = new(422, "INVALID_MEMBER_ID",
        $"A member's id is 1 to {Identifiers.MemberIdLengthMax} letters, digits and . - _ @ +.", true);

    /// <summary>422: a password that is easily guessed.</summary>
    public static readonly Problem WeakPassword = new(422, "WEAK_PASSWORD",
        "A password is 8 to 256 characters, not one of the commonest, and not the member's id.", true);

    /// <summary>422: an idempotency key out of form.</summary>
    public static readonly Problem InvalidIdempotencyKey = new(422, "INVALID_IDEMPOTENCY_KEY",
        $"An idempotency key is 1 to {ReserveRequest.KeyLengthMax} visible characters.", true);

    /// <summary>429: this member, or this address, calls too often.</summary>
    public static Problem RateLimited(TimeSpan wait) =>
        new(429, "RATE_LIMITED", "Too many calls; slow down.", false) { RetryAfterMs = Milliseconds(wait) };

    /// <summary>429: too many wrong passwords.</summary>
    public static Problem TooManyAttempts(TimeSpan wait) =>
        new(429, "TOO_MANY_ATTEMPTS", "Too many failed logins; wait a little.", false)
        { RetryAfterMs = Milliseconds(wait) };

    /// <summary>429: this member, or this address, has too many streams open.</summary>
    public static Problem TooManyStreams() => new(429, "TOO_MANY_STREAMS",
        "Too many streams are open; close one, or poll.", false)
    { RetryAfterMs = Jitter(StreamRetryMs) };

    /// <summary>500: a defect. A call that changes something may have done so.</summary>
    public static Problem InternalError(bool isRead) =>
        new(500, "INTERNAL_ERROR", "Something went wrong here.", false)
        { Outcome = isRead ? Outcome.NotApplied : Outcome.Unknown };

    /// <summary>503: not carried out, because too many calls wait or the store cannot be reached.</summary>
    public static Problem Busy() =>
        new(503, "BUSY", "Not done; please try again.", false) { RetryAfterMs = Jitter(BusyRetryMs) };

    /// <summary>503: the event's journal cannot be replayed until an operator has repaired it.</summary>
    public static Problem EventBroken(string? detail = null) =>
        new(503, "EVENT_BROKEN",
            "This event is out of order: nothing can be bought until the organiser has repaired it.", false)
        { Detail = detail, RetryAfterMs = Jitter(BrokenRetryMs) };

    /// <summary>409: there is nothing to repair.</summary>
    public static readonly Problem EventNotBroken =
        new(409, "EVENT_NOT_BROKEN", "The event's journal can be replayed: there is nothing to repair.", true);

    /// <summary>503: too many logins wait.</summary>
    public static Problem LoginBusy() =>
        new(503, "LOGIN_BUSY", "Many people are logging in; please try again.", false) { RetryAfterMs = Jitter(2_000) };

    /// <summary>503: the call may have been carried out.</summary>
    public static Problem OutcomeUnknown() =>
        new(503, "OUTCOME_UNKNOWN", "Whether it was done is not known; repeat it with the same Idempotency-Key.", false)
        { Outcome = Outcome.Unknown, RetryAfterMs = Jitter(BusyRetryMs) };

    /// <summary>503: this front-end should get no requests now.</summary>
    public static Problem NotReady(string why) =>
        new(503, "NOT_READY", "Not ready.", false) { Detail = why, RetryAfterMs = 1_000 };

    /// <summary>422: fields out of bounds.</summary>
    public static Problem ValidationFailed(IReadOnlyDictionary<string, string[]> errors) =>
        new(422, "VALIDATION_FAILED", "Some fields are out of bounds.", true) { Errors = errors };

    /// <summary>A failure's meaning to the caller: "not applied" only where that is certain.</summary>
    public static Problem Of(Exception failure, bool isRead) => failure switch
    {
        EventBrokenException => EventBroken(),
        _ when CallFailure.IsNothingDone(failure) => Busy(),
        _ when isRead => Busy(),
        _ => OutcomeUnknown(),
    };

    /// <summary>A refused call for tickets.</summary>
    public static Problem Of(in ReserveResult result)
    {
        var refusal = result.Refusal;
        return result.Status switch
        {
            ReserveStatus.EventNotFound => EventNotFound,
            ReserveStatus.IdempotencyMismatch => IdempotencyMismatch,
            ReserveStatus.InvalidQuantity => InvalidQuantity,
            ReserveStatus.Paused => Paused,
            ReserveStatus.NotOpen => NotOpen(refusal!),
            ReserveStatus.Closed => Closed,
            ReserveStatus.LimitExceeded => LimitExceeded(refusal!),
            ReserveStatus.SoldOut => SoldOut,
            ReserveStatus.AllHeld => AllHeld(refusal!),
            ReserveStatus.Insufficient => Insufficient(refusal!),
            ReserveStatus.Cycling => Cycling(refusal!),
            _ => throw new ArgumentOutOfRangeException(nameof(result), result.Status, "not a refusal"),
        };
    }

    /// <summary>A refused call on a reservation.</summary>
    public static Problem Of(ReservationStatus status) => status switch
    {
        ReservationStatus.NotFound => ReservationNotFound,
        ReservationStatus.AlreadyCancelled => AlreadyCancelled,
        ReservationStatus.HoldExpired => HoldExpired,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "not a refusal"),
    };

    /// <summary>A refused call on an event.</summary>
    public static Problem Of(EventResult result) => result.Status switch
    {
        EventResultStatus.EventNotFound => EventNotFound,
        EventResultStatus.EventExists => EventExists,
        EventResultStatus.InvalidTerms => ValidationFailed(result.Terms!.Errors()),
        EventResultStatus.CapacityBelowSold => CapacityBelowSold,
        EventResultStatus.VersionMismatch => VersionMismatch,
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Status, "not a refusal"),
    };

    /// <summary>An answer that the framework left without a body.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        401 => Unauthenticated,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        413 => PayloadTooLarge,
        415 => UnsupportedMediaType,
        >= 500 => InternalError(isRead: false),
        _ => InvalidRequest(status),
    };

    private static readonly Problem IdempotencyMismatch =
        new(422, "IDEMPOTENCY_MISMATCH", "This key was used for another quantity.", true);
    private static readonly Problem InvalidQuantity =
        new(422, "INVALID_QUANTITY", $"A quantity is a whole number from 1 to {ReserveRequest.QuantityMax}.", true);
    private static readonly Problem Closed = new(409, "CLOSED", "The sale is over.", true);
    private static readonly Problem SoldOut = new(409, "SOLD_OUT", "Sold out.", true);
    private static readonly Problem Paused = new(409, "PAUSED", "The sale is paused.", false) { RetryAfterMs = 1_000 };

    private static Problem NotOpen(Refusal refusal) => new(409, "NOT_OPEN", "The sale has not begun.", false)
    {
        OpensAt = refusal.RetryAt,
        ServerTime = refusal.DecidedAt,
        RetryAfterMs = UntilRetry(refusal),
    };

    private static Problem LimitExceeded(Refusal refusal) =>
        new(409, "LIMIT_EXCEEDED", "You would have more tickets than one member may.", true)
        { Limit = refusal.Limit, Used = refusal.Used };

    private static Problem AllHeld(Refusal refusal) =>
        new(409, "ALL_HELD", "All tickets are sold or held; held ones may come back.", false)
        { RetryAfterMs = UntilRetry(refusal) };

    private static Problem Insufficient(Refusal refusal) =>
        new(409, "INSUFFICIENT", "Fewer tickets are left than that.", false) { Available = refusal.Available };

    private static Problem Cycling(Refusal refusal) =>
        new(429, "CYCLING", "You gave back, or let expire, too many reservations of this event; please wait.", false)
        { RetryAfterMs = UntilRetry(refusal) };

    private static long UntilRetry(Refusal refusal) => Milliseconds(refusal.RetryAt!.Value - refusal.DecidedAt);

    private static long Milliseconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalMilliseconds));

    // Without jitter, callers that were refused together would retry together.
    private static long Jitter(int milliseconds) => milliseconds + Random.Shared.Next(milliseconds);
}

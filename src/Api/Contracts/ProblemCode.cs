namespace BoxOffice.Api.Contracts;

/// <summary>A code that <see cref="Problem.Code"/> can have. Clients decide by it, so it never changes.</summary>
/// <param name="Status">The HTTP status that it comes with.</param>
/// <param name="Code">Upper snake case.</param>
/// <param name="IsTerminal">Repeating the same call gives the same answer.</param>
/// <param name="Meaning">For the one who writes a client.</param>
public sealed record ProblemCode(int Status, string Code, bool IsTerminal, string Meaning)
{
    /// <summary>All codes, by status. A test compares them with <see cref="Problems"/> and others.</summary>
    public static readonly IReadOnlyList<ProblemCode> All =
    [
        new(400, "INVALID_REQUEST", true, "The request cannot be read; `detail` tells why."),
        new(401, "UNAUTHENTICATED", true, "No token, or one that is not valid any more: log in."),
        new(401, "BAD_CREDENTIALS", true, "The id or the password is wrong."),
        new(403, "FORBIDDEN", true, "Only an operator may do this."),
        new(404, "NOT_FOUND", true, "There is no such path."),
        new(404, "EVENT_NOT_FOUND", true, "There is no such event."),
        new(404, "MEMBER_NOT_FOUND", true, "There is no such member."),
        new(404, "RESERVATION_NOT_FOUND", true, "The caller has no such reservation."),
        new(404, "REHEARSAL_NOT_FOUND", true, "There is no such rehearsal among the last ones."),
        new(404, "REPORT_NOT_FOUND", true, "The rehearsal was stopped or failed, and has no report."),
        new(405, "METHOD_NOT_ALLOWED", true, "The path is right, the method is not."),
        new(409, "EVENT_EXISTS", true, "The event's id is taken."),
        new(409, "CAPACITY_BELOW_SOLD", true, "More tickets are held and sold than the new capacity."),
        new(409, "MEMBER_EXISTS", true, "The member's id is taken."),
        new(409, "ALREADY_CANCELLED", true, "The reservation was cancelled before."),
        new(409, "REHEARSAL_RUNNING", false, "A rehearsal is under way; `rehearsalId` names it."),
        new(409, "EVENT_NOT_BROKEN", true, "There is nothing to repair."),
        new(409, "PAUSED", false, "An operator paused the sale."),
        new(409, "NOT_OPEN", false, "The sale has not begun; `opensAt` tells when, `serverTime` the time there."),
        new(409, "CLOSED", true, "The sale is over."),
        new(409, "LIMIT_EXCEEDED", true, "The member would have more tickets than `limit`; `used` are taken."),
        new(409, "SOLD_OUT", true, "Nothing is available and nothing is held."),
        new(409, "ALL_HELD", false, "Nothing is available, but holds may expire: `retryAfterMs` is the earliest."),
        new(409, "INSUFFICIENT", false, "Fewer tickets are left than asked for: `available`."),
        new(410, "HOLD_EXPIRED", true, "The hold ran out before."),
        new(412, "VERSION_MISMATCH", true, "The event is not the version that `If-Match` names: read it again."),
        new(413, "PAYLOAD_TOO_LARGE", true, "The body is too long."),
        new(415, "UNSUPPORTED_MEDIA_TYPE", true, "The body must be `application/json` in UTF-8, not compressed."),
        new(422, "INVALID_MEMBER_ID", true, "The member's id is out of form."),
        new(422, "WEAK_PASSWORD", true, "The password is easily guessed."),
        new(422, "SHARED_PASSWORD", true, "Members of load tests share a password, which cannot be changed."),
        new(422, "INVALID_IDEMPOTENCY_KEY", true, "The key is not 1 to 128 visible characters."),
        new(422, "IDEMPOTENCY_MISMATCH", true, "The key was used for another quantity."),
        new(422, "INVALID_QUANTITY", true, "The quantity is no whole number in its bounds."),
        new(422, "TOO_MANY_COHORTS", true, "No more runs of members can be registered."),
        new(422, "VALIDATION_FAILED", true, "Fields are out of bounds; `errors` names each with its rule."),
        new(429, "RATE_LIMITED", false, "This member or this address calls too often."),
        new(429, "TOO_MANY_ATTEMPTS", false, "Too many failed logins."),
        new(429, "TOO_MANY_STREAMS", false, "This member or this address has too many streams open."),
        new(429, "CYCLING", false, "The member let too many reservations of this event go."),
        new(500, "INTERNAL_ERROR", false, "A defect; `outcome` tells whether the call may have had its effect."),
        new(503, "BUSY", false, "Not done: too much waits, or the store cannot be reached."),
        new(503, "LOGIN_BUSY", false, "Not done: too many logins wait."),
        new(503, "OUTCOME_UNKNOWN", false, "It may have been done: repeat it with the same `Idempotency-Key`."),
        new(503, "EVENT_BROKEN", false, "An operator has to repair the event first."),
        new(503, "NOT_READY", false, "This front-end gets no requests now; `detail` tells why."),
    ];
}

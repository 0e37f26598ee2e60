namespace BoxOffice.Api.Endpoints;

/// <summary>The texts of all calls.</summary>
internal static class OperationTexts
{
    // What any call on an event may be answered.
    private static readonly string[] Read = ["EVENT_NOT_FOUND", "BUSY", "EVENT_BROKEN"];
    private static readonly string[] Change = [.. Read, "OUTCOME_UNKNOWN"];
    private static readonly string[] Mine = ["RESERVATION_NOT_FOUND", "BUSY", "EVENT_BROKEN"];

    /// <summary>By method and path.</summary>
    public static readonly IReadOnlyDictionary<string, OperationText> All = new Dictionary<string, OperationText>
    {
        ["POST /member/signup"] = new(
            "signUp", "Registers a member with an id and a password.",
            "MEMBER_EXISTS", "INVALID_MEMBER_ID", "WEAK_PASSWORD", "RATE_LIMITED", "BUSY", "LOGIN_BUSY",
            "OUTCOME_UNKNOWN"),
        ["POST /member/login"] = new(
            "logIn", "Gives a token for an id and a password. A wrong id and a wrong password "
            + "are answered alike, and take as long.",
            "BAD_CREDENTIALS", "TOO_MANY_ATTEMPTS", "BUSY", "LOGIN_BUSY"),
        ["POST /member/logout"] = new(
            "logOut", "Revokes the token of this call: after a second no front-end takes it any more."),
        ["POST /member/password"] = new(
            "changePassword", "Replaces the caller's password and revokes all of the caller's tokens. The answer has "
            + "a new one.",
            "UNAUTHENTICATED", "BAD_CREDENTIALS", "WEAK_PASSWORD", "SHARED_PASSWORD", "TOO_MANY_ATTEMPTS", "BUSY",
            "LOGIN_BUSY", "OUTCOME_UNKNOWN"),

        ["GET /ticket/events"] = new(
            "listEvents", "The events and their numbers, by id. A page that is full has a "
            + "next one: ask again with the last id as `after`."),
        ["GET /ticket/events/{eventId}"] = new(
            "getEvent", "An event's numbers. With `If-None-Match` and the ETag of "
            + "an earlier answer it is 304 while nothing has changed.", Read),
        ["GET /ticket/events/{eventId}/stream"] = new(
            "watchEvent", "Server-sent events named `availability`, each with "
            + "the event's numbers as JSON: one at once, then one for each change, at most four a second.",
            [.. Read, "TOO_MANY_STREAMS"]),
        ["POST /ticket/reserve/{eventId}"] = new(
            "reserveTickets", "Reserves tickets. An event that holds answers "
            + "`HELD`, to be confirmed before `expiresAt`; others answer `CONFIRMED` at once. Send an "
            + "`Idempotency-Key`: a call whose answer got lost can then be repeated, and sells once. Of several "
            + "reasons to refuse, the one that 409 lists first is answered.",
            [.. Change, "IDEMPOTENCY_MISMATCH", "INVALID_IDEMPOTENCY_KEY", "INVALID_QUANTITY", "PAUSED", "NOT_OPEN",
                "CLOSED", "LIMIT_EXCEEDED", "SOLD_OUT", "ALL_HELD", "INSUFFICIENT", "RATE_LIMITED", "CYCLING"]),
        ["GET /ticket/reservations"] = new(
            "listMyReservations", "The caller's reservations, the newest first."),
        ["GET /ticket/reservations/{reservationId}"] = new(
            "getMyReservation", "One of the caller's reservations.", Mine),
        ["POST /ticket/reservations/{reservationId}/confirm"] = new(
            "confirmReservation", "Makes a hold a sale. Doing it "
            + "again gives the same answer.",
            [.. Mine, "OUTCOME_UNKNOWN", "ALREADY_CANCELLED", "HOLD_EXPIRED"]),
        ["POST /ticket/reservations/{reservationId}/cancel"] = new(
            "cancelReservation", "Gives the tickets back: they "
            + "are on sale again at once. Doing it again gives the same answer.",
            [.. Mine, "OUTCOME_UNKNOWN", "HOLD_EXPIRED"]),

        ["POST /admin/events"] = new(
            "openEvent", "Opens an event. Without an id it gets one.",
            "EVENT_EXISTS", "BUSY", "EVENT_BROKEN", "OUTCOME_UNKNOWN"),
        ["PATCH /admin/events/{eventId}"] = new(
            "changeEvent", "Changes what the body names; what it does not "
            + "name stays. `null` for `opensAt` or `closesAt` removes it, and so does its name in `remove`: a client "
            + "that can send null for each field must leave out those that it does not mean.",
            [.. Change, "CAPACITY_BELOW_SOLD", "VERSION_MISMATCH"]),
        ["POST /admin/events/{eventId}/pause"] = new(
            "pauseEvent", "Stops the sale until it is resumed. Holds can still "
            + "be confirmed.", Change),
        ["POST /admin/events/{eventId}/resume"] = new(
            "resumeEvent", "Lets the sale go on.", Change),
        ["POST /admin/events/{eventId}/repair"] = new(
            "repairEvent", "Takes the entries after `upTo` out of a journal "
            + "that cannot be replayed, and keeps them aside. The event sells from what is left.",
            ["EVENT_NOT_FOUND", "BUSY", "OUTCOME_UNKNOWN", "EVENT_NOT_BROKEN"]),
        ["GET /admin/events/{eventId}/reservations"] = new(
            "exportReservations", "All reservations of an event, as one "
            + "JSON list or as CSV.", Read),
        ["GET /admin/events/{eventId}/journal"] = new(
            "streamJournal", "The event's journal in order and without a gap: "
            + "a line of JSON for each entry, as `JournalEntry` describes it.", Read),
        ["GET /admin/events/{eventId}/reconcile"] = new(
            "reconcileEvent", "Counts the event in memory, from its journal "
            + "and in the database. `drift`, `gaps` and `duplicates` are 0, or something is broken.", Read),
        ["GET /admin/events/{eventId}/timing"] = new(
            "getTiming", "Where the time of the event's reserve calls goes.",
            Read),
        ["POST /admin/events/{eventId}/rehearse"] = new(
            "rehearseEvent", "Lets a crowd of made-up buyers buy from a "
            + "copy of the event.", [.. Change, "REHEARSAL_RUNNING"]),
        ["GET /admin/rehearsals"] = new(
            "listRehearsals", "The last rehearsals, the newest first, without their reports."),
        ["GET /admin/rehearsals/{rehearsalId}"] = new(
            "getRehearsal", "A rehearsal, with its report when it has ended.",
            "REHEARSAL_NOT_FOUND"),
        ["POST /admin/rehearsals/{rehearsalId}/stop"] = new(
            "stopRehearsal", "Ends a rehearsal.", "REHEARSAL_NOT_FOUND"),
        ["GET /admin/rehearsals/{rehearsalId}/report"] = new(
            "getRehearsalReport", "The report as a page that can be "
            + "kept as a file.", "REHEARSAL_NOT_FOUND", "REPORT_NOT_FOUND", "REHEARSAL_RUNNING"),
        ["GET /admin/audit"] = new(
            "readAudit", "What operators did, and who tried: every change, export and login, and calls that were "
            + "refused. An entry is there before its change is carried out. A page that is full has a next one: ask "
            + "again with the last id as `after`.",
            "VALIDATION_FAILED", "BUSY"),
        ["GET /admin/cluster"] = new(
            "getCluster", "The processes that hold the events."),
        ["POST /admin/members/{memberId}/revoke"] = new(
            "revokeMember", "Revokes all tokens of a member: after a second no front-end takes them any more.",
            "MEMBER_NOT_FOUND", "BUSY", "OUTCOME_UNKNOWN"),
        ["POST /admin/members"] = new(
            "registerMembers", "Registers many members with one password, for load tests. It is not there unless "
            + "`BoxOffice__LoadTest` is on.",
            "VALIDATION_FAILED", "TOO_MANY_COHORTS", "BUSY", "LOGIN_BUSY", "OUTCOME_UNKNOWN"),
        ["POST /admin/tokens"] = new(
            "issueTokens", "Issues tokens of members of load tests, without a login. It is not there unless "
            + "`BoxOffice__LoadTest` is on.",
            "VALIDATION_FAILED", "TOO_MANY_COHORTS", "BUSY", "OUTCOME_UNKNOWN"),

        ["GET /alive"] = new(
            "isAlive", "The process answers. It asks nothing else."),
        ["GET /health"] = new(
            "isReady", "The process can serve: the cluster and the store answer, and it is not about "
            + "to end.", "NOT_READY"),
    };
}

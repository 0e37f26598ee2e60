namespace BoxOffice;

/// <summary>
/// One ticket event: the only owner of its remaining quantity. Its key is the event's id.
/// Every answer is given only after the entries that it depends on are durable, reads included.
/// </summary>
/// <remarks>
/// Every method that changes something or gives a final answer takes a deadline, <c>validUntil</c>: after it nothing is
/// decided any more, because the caller has retried by then, or has answered that the outcome is unknown. A delayed
/// call must not undo what was done after it. Null, as from an older front-end, is no deadline. Such a method answers
/// only after the journal's head was read, or written, since the call came. Methods that only return numbers (<see
/// cref="Status"/>, <see cref="SoldOut"/>, <see cref="Export"/>) may be a second old. Every method may throw <see
/// cref="NotAppliedException"/> (nothing happened, try again), <see cref="OutcomeUnknownException"/> (it may have
/// happened: repeat with the same key) or <see cref="EventBrokenException"/> (nothing happened: the journal has to be
/// repaired). An exception of Orleans' own, such as a timeout, means <em>unknown</em> too.
/// </remarks>
[Alias("BoxOffice.ITicketEventGrain")]
public interface ITicketEventGrain : IGrainWithStringKey
{
    /// <summary>Creates the event. A second call is refused, even with the same terms.</summary>
    /// <param name="terms">How it is sold.</param>
    /// <param name="actor">Who opens it.</param>
    /// <param name="validUntil">The deadline.</param>
    [Alias("Open")]
    Task<EventResult> Open(EventTerms terms, string actor, DateTimeOffset? validUntil = null);

    /// <summary>Changes some of the terms; the others stay.</summary>
    /// <param name="change">What to change.</param>
    /// <param name="actor">Who changes it.</param>
    /// <param name="validUntil">The deadline.</param>
    [Alias("Change")]
    Task<EventResult> Change(TermsChange change, string actor, DateTimeOffset? validUntil = null);

    /// <summary>
    /// Refuses new reservations until <see cref="Resume"/>. Holds can still be confirmed and cancelled.
    /// </summary>
    /// <param name="actor">Who pauses it.</param>
    /// <param name="validUntil">The deadline.</param>
    [Alias("Pause")]
    Task<EventResult> Pause(string actor, DateTimeOffset? validUntil = null);

    /// <summary>Ends a pause.</summary>
    /// <param name="actor">Who ends it.</param>
    /// <param name="validUntil">The deadline.</param>
    [Alias("Resume")]
    Task<EventResult> Resume(string actor, DateTimeOffset? validUntil = null);

    /// <summary>The numbers of the event, or null when it was never opened.</summary>
    [Alias("Status")]
    Task<EventStatus?> Status();

    /// <summary>
    /// Decides a whole batch in one turn, in the order given, and answers when all of it is durable.
    /// The answers are in the order of the requests.
    /// </summary>
    /// <param name="requests">The calls.</param>
    /// <param name="validUntil">
    /// The deadline. Without it a silo that was frozen would sell, when it resumes, to a buyer who was refused
    /// meanwhile.
    /// </param>
    [Alias("Reserve")]
    Task<ReserveResults> Reserve([Immutable] ReserveRequest[] requests, DateTimeOffset validUntil);

    /// <summary>
    /// What lets a front-end refuse by itself; null when the event is not sold out, or has too many members and
    /// keys.
    /// </summary>
    [Alias("SoldOut")]
    Task<SoldOutNotice?> SoldOut();

    /// <summary>Turns the member's hold into a sale.</summary>
    [Alias("Confirm")]
    Task<ReservationResult> Confirm(string memberId, long sequence, DateTimeOffset? validUntil = null);

    /// <summary>Cancels the member's hold or sale; its tickets are available in the same turn.</summary>
    [Alias("Cancel")]
    Task<ReservationResult> Cancel(string memberId, long sequence, DateTimeOffset? validUntil = null);

    /// <summary>
    /// The member's own reservation; that of another member is <see cref="ReservationStatus.NotFound"/>.
    /// </summary>
    [Alias("Find")]
    Task<ReservationResult> Find(string memberId, long sequence, DateTimeOffset? validUntil = null);

    /// <summary>
    /// All reservations of one member for this event, the newest first, at most <paramref name="countMax"/>.
    /// </summary>
    [Alias("ReservationsOf")]
    Task<Reservation[]> ReservationsOf(string memberId, int countMax, DateTimeOffset? validUntil = null);

    /// <summary>A page of all reservations, by sequence, for export.</summary>
    /// <param name="after">Only those with a higher sequence.</param>
    /// <param name="countMax">At most this many, 1 to 10,000.</param>
    [Alias("Export")]
    Task<ExportedReservation[]> Export(long after, int countMax);

    /// <summary>
    /// Moves the entries that cannot be replayed out of a broken event's journal, and keeps them in a separate table.
    /// Afterwards the event sells from the rest. The journal of a sound event is never changed.
    /// </summary>
    /// <param name="upTo">
    /// The last entry that stays: the caller confirms what <see cref="RepairResult.ReadableUpTo"/> says.
    /// </param>
    /// <param name="actor">Who repairs it.</param>
    /// <param name="validUntil">The deadline.</param>
    [Alias("Repair")]
    Task<RepairResult> Repair(long upTo, string actor, DateTimeOffset? validUntil = null);

    /// <summary>Ends a rehearsal copy, and deletes its entries. It fails for a real event.</summary>
    [Alias("Discard")]
    Task Discard();
}

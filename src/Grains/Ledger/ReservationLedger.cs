namespace BoxOffice.Grains.Ledger;

/// <summary>
/// Decides everything about one event, in memory. Pure: no clock, no I/O, no async. A decision becomes a
/// <see cref="JournalEntry"/>, and the same <see cref="Apply"/> that replays stored entries carries it out,
/// so that a replay cannot differ from the decision.
/// </summary>
/// <remarks>
/// <para>Time never goes back in an event: when the clock shows less than the last entry, a new entry gets the last
/// one's moment. That is a matter of milliseconds, when the event changes its silo. But a journal that a wrong clock
/// wrote may end an hour from now. When it ends more than <see cref="ClockAheadMax"/> ahead:</para>
/// <list type="bullet">
/// <item>The event's time runs on from there at the clock's speed while a hold is live, so that each hold lives as long
/// as it was promised, and a refusal states the true wait. The end of a live hold is reported by the clock.</item>
/// <item>While none is live, it stands still, and the clock catches up.</item>
/// <item>The sale opens and closes by the clock.</item>
/// <item>No call is refused as <see cref="ReserveStatus.Cycling"/>: while time stands still, the wait would not end.
/// </item>
/// <item>A new owner begins where the journal ends: live holds live on from there, late by the time without a write.
/// </item>
/// </list>
/// </remarks>
public sealed partial class ReservationLedger
{
    // Neither a reservation nor its key is an object. They live as long as the event, and a garbage collection that
    // marks and moves what was sold since the last one would pause the sale.
    private readonly ChunkedList<Booking> _bookings = new(); // the index is the sequence of the entry
    private readonly TextArena _texts = new();
    private readonly TextIndex<Account> _accounts; // by the members' ids
    private readonly KeyIndex _keys; // of members with many reservations
    private int _keyCount;
    private readonly PriorityQueue<int, (DateTimeOffset ExpiresAt, int Sequence)> _holds = new(); // of sequences
    private List<JournalEntry> _uncommitted = [];
    private string? _lastActor;
    private TimeSpan _ahead; // zero, or more than ClockAheadMax

    /// <summary>
    /// How far the journal may end in the future without a report, and the most by which a hold may then end late.
    /// Clocks of silos differ by a second at most (<c>SaleClock</c>).
    /// </summary>
    public static readonly TimeSpan ClockAheadMax = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Reservations that a member may cancel or let expire in one event, before further ones are refused as
    /// <see cref="ReserveStatus.Cycling"/>: far more than a person needs.
    /// </summary>
    public const int CyclesMax = 100;

    /// <summary>
    /// The same for each ticket that a member may have, when that is more: all of them twenty times.
    /// </summary>
    public const int CyclesPerTicket = 20;

    /// <summary>
    /// A cancelled or expired reservation counts for this time. It bounds what one member adds to a journal to three
    /// entries a minute, instead of a script's thousands, for each is kept and replayed as long as the event lives.
    /// </summary>
    public static readonly TimeSpan CyclePeriod = TimeSpan.FromMinutes(1);

    // Reservations of one member that are searched for a key without an index: half a microsecond. Most members need
    // none.
    private const int SearchedMax = 8;

    /// <summary>Creates the ledger of an event that is not opened yet.</summary>
    public ReservationLedger()
    {
        (_accounts, _keys) = (new(_texts), new(_texts));
        _bookings.Add(default); // no entry has sequence 0
    }

    /// <summary>The terms of sale; null until the event is opened.</summary>
    public EventTerms? Terms { get; private set; }

    /// <summary>True between pause and resume.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Tickets that can be reserved.</summary>
    public int Available { get; private set; }

    /// <summary>Tickets in live holds.</summary>
    public int Held { get; private set; }

    /// <summary>Tickets sold.</summary>
    public int Confirmed { get; private set; }

    /// <summary>Reservations that are held or confirmed.</summary>
    public int ReservationCount { get; private set; }

    /// <summary>Members who hold or own a ticket.</summary>
    public int MemberCount { get; private set; }

    /// <summary>Sequence of the last entry; 0 when there is none.</summary>
    public long HeadSequence { get; private set; }

    /// <summary>
    /// The moment of the last entry. Time never goes back in an event, not even when a silo's clock does.
    /// </summary>
    public DateTimeOffset LastDecidedAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Identifies the last entry; <see cref="JournalHead.None"/> when there is none.</summary>
    public JournalHead Head =>
        HeadSequence == 0 ? JournalHead.None : new(HeadSequence, LastDecidedAt, _lastActor);

    /// <summary>True while decisions wait to be taken to the journal.</summary>
    public bool HasUncommitted => _uncommitted.Count > 0;

    /// <summary>Creates the event.</summary>
    public EventResultStatus Open(EventTerms terms, string actor, DateTimeOffset now)
    {
        terms = InMicroseconds(terms);
        if (Terms is not null) return EventResultStatus.EventExists;
        if (terms.Errors().Count > 0) return EventResultStatus.InvalidTerms;

        Record(new(HeadSequence + 1, EntryKind.Opened, Moment(now), actor, Terms: terms));
        return EventResultStatus.Done;
    }

    /// <summary>Changes terms. A change that changes nothing leaves no entry.</summary>
    public EventResultStatus Change(TermsChange change, string actor, DateTimeOffset now)
    {
        now = Advance(now);
        if (Terms is null) return EventResultStatus.EventNotFound;
        var terms = InMicroseconds(change.ApplyTo(Terms));
        if (terms.Errors().Count > 0) return EventResultStatus.InvalidTerms;
        if (terms.Capacity < Held + Confirmed) return EventResultStatus.CapacityBelowSold;
        if (terms == Terms) return EventResultStatus.Done;

        Record(new(HeadSequence + 1, EntryKind.Changed, now, actor, Terms: terms));
        return EventResultStatus.Done;
    }

    /// <summary>Stops new reservations.</summary>
    public EventResultStatus Pause(string actor, DateTimeOffset now) => SetPaused(true, EntryKind.Paused, actor, now);

    /// <summary>Ends a pause.</summary>
    public EventResultStatus Resume(string actor, DateTimeOffset now) =>
        SetPaused(false, EntryKind.Resumed, actor, now);

    /// <summary>Claims the sequence after the head for a new owner.</summary>
    public void TakeOver(string silo, DateTimeOffset now) =>
        Record(new(HeadSequence + 1, EntryKind.TakenOver, Moment(now), silo));

    /// <summary>Reserves tickets. The checks are in the contract's order of precedence.</summary>
    public ReserveResult Reserve(in ReserveRequest request, DateTimeOffset now)
    {
        now = Advance(now);
        if (Terms is null) return new(ReserveStatus.EventNotFound);
        if (FindByKey(request) is { } first)
        {
            return _bookings[first].Quantity == request.Quantity
                ? new(ReserveStatus.Replayed, AsFirstAnswered(first))
                : new(ReserveStatus.IdempotencyMismatch);
        }
        if (request.Quantity is < 1 or > ReserveRequest.QuantityMax) return new(ReserveStatus.InvalidQuantity);
        if (IsPaused) return new(ReserveStatus.Paused);
        if (Clock(now) < Terms.OpensAt)
            return new(ReserveStatus.NotOpen, Refusal: new(Clock(now), RetryAt: Terms.OpensAt));
        if (Clock(now) >= Terms.ClosesAt) return new(ReserveStatus.Closed);
        var account = _accounts.Find(request.MemberId);
        var used = account >= 0 ? _accounts[account].Used : 0;
        if (used + request.Quantity > Terms.MaxPerMember)
            return new(ReserveStatus.LimitExceeded, Refusal: new(now, Limit: Terms.MaxPerMember, Used: used));
        if (Available == 0 && Held == 0) return new(ReserveStatus.SoldOut);
        if (Available == 0) return new(ReserveStatus.AllHeld, Refusal: new(now, RetryAt: NextExpiry));
        if (request.Quantity > Available)
            return new(ReserveStatus.Insufficient, Refusal: new(now, Available: Available));
        if (_ahead == TimeSpan.Zero && request.KnowsCycling && CyclesAgainAt(account) is { } retryAt && now < retryAt)
            return new(ReserveStatus.Cycling, Refusal: new(now, RetryAt: retryAt));

        var sequence = HeadSequence + 1;
        DateTimeOffset? expiresAt = Terms.HoldSeconds == 0 ? null : now.AddSeconds(Terms.HoldSeconds);
        Record(new(
            sequence, EntryKind.Reserved, now, request.MemberId, request.Key, request.Quantity, sequence, expiresAt));
        return new(ReserveStatus.Reserved, ReservationAt((int)sequence));
    }

    /// <summary>Turns a hold into a sale; a sale stays one.</summary>
    public ReservationResult Confirm(string memberId, long sequence, DateTimeOffset now)
    {
        now = Advance(now);
        if (!IsOf(memberId, sequence, out var at)) return new(ReservationStatus.NotFound);
        if (_bookings[at].State == ReservationState.Cancelled) return new(ReservationStatus.AlreadyCancelled);
        if (_bookings[at].State == ReservationState.Expired) return new(ReservationStatus.HoldExpired);
        if (_bookings[at].State == ReservationState.Held) RecordAbout(at, EntryKind.Confirmed, now);
        return new(ReservationStatus.Done, ReservationAt(at));
    }

    /// <summary>Cancels a hold or a sale. Its tickets are available to the next call.</summary>
    public ReservationResult Cancel(string memberId, long sequence, DateTimeOffset now)
    {
        now = Advance(now);
        if (!IsOf(memberId, sequence, out var at)) return new(ReservationStatus.NotFound);
        if (_bookings[at].State == ReservationState.Expired) return new(ReservationStatus.HoldExpired);
        if (_bookings[at].State != ReservationState.Cancelled) RecordAbout(at, EntryKind.Cancelled, now);
        return new(ReservationStatus.Done, ReservationAt(at));
    }

    /// <summary>Takes up to <paramref name="countMax"/> of the oldest decisions for the journal.</summary>
    public IReadOnlyList<JournalEntry> TakeUncommitted(int countMax)
    {
        var taken = _uncommitted;
        if (taken.Count <= countMax)
        {
            _uncommitted = [];
            return taken;
        }
        _uncommitted = taken.GetRange(countMax, taken.Count - countMax);
        return taken.GetRange(0, countMax);
    }

    private EventResultStatus SetPaused(bool isPaused, EntryKind kind, string actor, DateTimeOffset now)
    {
        now = Advance(now);
        if (Terms is null) return EventResultStatus.EventNotFound;
        if (IsPaused != isPaused) Record(new(HeadSequence + 1, kind, now, actor));
        return EventResultStatus.Done;
    }
}

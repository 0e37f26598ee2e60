using System.Runtime.CompilerServices;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// Decides everything about one event, in memory. Pure: no clock, no I/O, no async. A decision becomes a
/// <see cref="JournalEntry"/>, and the same <see cref="Apply"/> that replays stored entries carries it out,
/// so that a replay cannot differ from the decision.
/// </summary>
/// <remarks>
/// <para>Time never goes back in an event: an entry is dated at the moment of the one before, when the clock tells less. That is a matter of
/// milliseconds, when the event changes its silo. But a journal that a wrong clock wrote may end an hour from now. When
/// it ends more than <see cref="ClockAheadMax"/> ahead, then:</para>
/// <list type="bullet">
/// <item>The event's time goes on from there as fast as any clock while a hold is live, so that each hold lives as long as it was promised, and a
/// refusal says truly how long to wait. What is told as the end of a live hold is when it ends by the clock.</item>
/// <item>While none is live it stands still, and the clock catches up.</item>
/// <item>The sale opens and closes by the clock.</item>
/// <item>Nobody is refused as <see cref="ReserveStatus.Cycling"/>: while time stands still, the wait would not end.</item>
/// <item>A new owner begins where the journal ends: holds that were live live on from there, late by as long as nobody wrote.</item>
/// </list>
/// </remarks>
public sealed class ReservationLedger
{
    // Neither a reservation nor its key is an object: it lives as long as the event, and a garbage collection that has to
    // find and move what was sold since the one before stops the sale for as long as that takes.
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
    /// How far the journal may end in the future without a word: what a hold may be late by. Clocks of silos differ by a second at most
    /// (<c>SaleClock</c>).
    /// </summary>
    public static readonly TimeSpan ClockAheadMax = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Reservations that a member may cancel or let expire in one event, before further ones are refused as
    /// <see cref="ReserveStatus.Cycling"/>: far more than a person does who tries for a better moment.
    /// </summary>
    public const int CyclesMax = 100;

    /// <summary>
    /// The same for each ticket that a member may have, where that is more: who may have many lets twenty times all of them go.
    /// </summary>
    public const int CyclesPerTicket = 20;

    /// <summary>
    /// One that was let go is forgotten in this time. It bounds what one member adds to a journal: three entries a minute, and not the
    /// thousands of a script, for each is kept and replayed as long as the event lives.
    /// </summary>
    public static readonly TimeSpan CyclePeriod = TimeSpan.FromMinutes(1);

    // Reservations of one member that are looked through for a key: half a microsecond, and there is no index to make for the others.
    private const int SearchedMax = 8;

    /// <summary>An event that was not opened yet.</summary>
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

    /// <summary>The moment of the last entry. Time never runs backwards in an event, whatever a silo's clock says.</summary>
    public DateTimeOffset LastDecidedAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Identifies the last entry; <see cref="JournalHead.None"/> when there is none.</summary>
    public JournalHead Head => HeadSequence == 0 ? JournalHead.None : new(HeadSequence, LastDecidedAt, _lastActor);
    /// <summary>
    /// By how much the event's time is ahead of the clock, when that is more than <see cref="ClockAheadMax"/>; else null. As of the last call.
    /// </summary>
    public TimeSpan? ClockAhead => _ahead > TimeSpan.Zero ? _ahead : null;

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
    public EventResultStatus Resume(string actor, DateTimeOffset now) => SetPaused(false, EntryKind.Resumed, actor, now);

    /// <summary>Claims the place after the head for a new owner.</summary>
    public void TakeOver(string silo, DateTimeOffset now) => Record(new(HeadSequence + 1, EntryKind.TakenOver, Moment(now), silo));

    /// <summary>Reserves tickets. The checks stand in the contract's order of precedence.</summary>
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
        if (Clock(now) < Terms.OpensAt) return new(ReserveStatus.NotOpen, Refusal: new(Clock(now), RetryAt: Terms.OpensAt));
        if (Clock(now) >= Terms.ClosesAt) return new(ReserveStatus.Closed);
        var account = _accounts.Find(request.MemberId);
        var used = account >= 0 ? _accounts[account].Used : 0;
        if (used + request.Quantity > Terms.MaxPerMember)
            return new(ReserveStatus.LimitExceeded, Refusal: new(now, Limit: Terms.MaxPerMember, Used: used));
        if (Available == 0 && Held == 0) return new(ReserveStatus.SoldOut);
        if (Available == 0) return new(ReserveStatus.AllHeld, Refusal: new(now, RetryAt: NextExpiry));
        if (request.Quantity > Available) return new(ReserveStatus.Insufficient, Refusal: new(now, Available: Available));
        if (_ahead == TimeSpan.Zero && request.KnowsCycling && CyclesAgainAt(account) is { } retryAt && now < retryAt)
            return new(ReserveStatus.Cycling, Refusal: new(now, RetryAt: retryAt));

        var sequence = HeadSequence + 1;
        DateTimeOffset? expiresAt = Terms.HoldSeconds == 0 ? null : now.AddSeconds(Terms.HoldSeconds);
        Record(new(sequence, EntryKind.Reserved, now, request.MemberId, request.Key, request.Quantity, sequence, expiresAt));
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

    /// <summary>Gives a hold or a sale back. The stock is available to the next call.</summary>
    public ReservationResult Cancel(string memberId, long sequence, DateTimeOffset now)
    {
        now = Advance(now);
        if (!IsOf(memberId, sequence, out var at)) return new(ReservationStatus.NotFound);
        if (_bookings[at].State == ReservationState.Expired) return new(ReservationStatus.HoldExpired);
        if (_bookings[at].State != ReservationState.Cancelled) RecordAbout(at, EntryKind.Cancelled, now);
        return new(ReservationStatus.Done, ReservationAt(at));
    }

    /// <summary>A member's reservation as it stands now.</summary>
    public ReservationResult Find(string memberId, long sequence, DateTimeOffset now)
    {
        Advance(now);
        return IsOf(memberId, sequence, out var at) ? new(ReservationStatus.Done, ReservationAt(at)) : new(ReservationStatus.NotFound);
    }

    /// <summary>A member's reservations as they stand now, the newest first.</summary>
    public Reservation[] ReservationsOf(string memberId, int countMax, DateTimeOffset now)
    {
        Advance(now);
        var account = _accounts.Find(memberId);
        if (account < 0) return [];
        var found = new List<Reservation>();
        for (var at = _accounts[account].Last; at > 0 && found.Count < countMax; at = _bookings[at].Previous)
            found.Add(ReservationAt(at));
        return [.. found];
    }

    /// <summary>All reservations with a sequence above <paramref name="after"/>, in order, as they stand now.</summary>
    public ExportedReservation[] Export(long after, int countMax, DateTimeOffset now)
    {
        Advance(now);
        var page = new List<ExportedReservation>();
        for (var i = Math.Clamp(after, 0, HeadSequence) + 1; i <= HeadSequence && page.Count < countMax; i++)
        {
            if (_bookings[(int)i].Exists) page.Add(new(MemberAt((int)i), ReservationAt((int)i)));
        }
        return [.. page];
    }

    /// <summary>The numbers now; null when the event was never opened.</summary>
    public EventStatus? Status(string eventId, DateTimeOffset now)
    {
        now = Advance(now);
        if (Terms is null) return null;
        // The version also moves when an edge of the window passes, which leaves no entry: 4 leaves room for both edges.
        var phase = Clock(now) < Terms.OpensAt ? 0 : Clock(now) >= Terms.ClosesAt ? 2 : 1;
        return new(eventId, Terms, Available, Held, Confirmed, StateAt(now), HeadSequence, (HeadSequence * 4) + phase, ClockAhead);
    }

    /// <summary>
    /// True when <see cref="Reserve"/> answers <see cref="ReserveStatus.SoldOut"/> to every member without a reservation who
    /// asks for no more than one member may have.
    /// </summary>
    public bool IsSoldOut(DateTimeOffset now) => Terms is not null && StateAt(Advance(now)) == SaleState.SoldOut;

    /// <summary>For front-ends; null when it is not sold out, or has too many members and keys.</summary>
    public SoldOutNotice? SoldOut(DateTimeOffset now)
    {
        if (!IsSoldOut(now) || MemberCount + _keyCount > SoldOutNotice.SizeMax) return null;
        var used = new Dictionary<uint, int>(MemberCount);
        for (var i = 0; i < _accounts.Count; i++)
        {
            var fingerprint = SoldOutNotice.FingerprintOf(MemberOf(i));
            if (_accounts[i].Used > used.GetValueOrDefault(fingerprint)) used[fingerprint] = _accounts[i].Used;
        }
        var keys = new HashSet<ulong>(_keyCount);
        for (var i = 0; i < _bookings.Count; i++)
        {
            if (_bookings[i].KeyAt > 0) keys.Add(SoldOutNotice.FingerprintOf(MemberAt(i), _texts.TextAt(_bookings[i].KeyAt)));
        }
        return new(HeadSequence, Terms!.MaxPerMember, used, keys);
    }

    /// <summary>Lets every hold end whose time has come.</summary>
    public void ExpireDue(DateTimeOffset now) => Advance(now);

    /// <summary>When the next live hold ends, by the event's time; null when there is none.</summary>
    public DateTimeOffset? NextExpiry
    {
        get
        {
            while (_holds.TryPeek(out var at, out var due))
            {
                if (_bookings[at].State == ReservationState.Held) return due.ExpiresAt;
                _holds.Dequeue();
            }
            return null;
        }
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

    /// <summary>Carries out one stored entry. Throws <see cref="LedgerBrokenException"/> when it cannot follow the one before.</summary>
    public void Replay(in JournalEntry entry) => Apply(entry);

    /// <summary>
    /// Carries out a part of a snapshot as if its entries were replayed. What each entry was held to when it was decided is not looked
    /// at again; the sums are. After an exception this ledger is of no more use.
    /// </summary>
    /// <param name="part">It follows what was replayed.</param>
    /// <param name="bytes">They are those that were written: see <see cref="PartReader.IsWhole"/>. The ledger keeps them, for their texts.</param>
    /// <param name="upTo">The last sequence of the parts that follow: it tells how much room is needed.</param>
    internal void Load(in SnapshotPart part, byte[] bytes, long upTo = 0)
    {
        RequireOf(part, part.After == HeadSequence);
        var reader = new PartReader(bytes, _texts.Adopt(bytes));
        (LastDecidedAt, _lastActor) = (FromTicks(reader.Ticks()), reader.Text());
        IsPaused = reader.Number() switch { 0 => IsPaused, 1 => true, _ => false };
        if (reader.Terms() is { } terms)
        {
            Available += terms.Capacity - (Terms?.Capacity ?? 0);
            Terms = terms;
        }
        var firstLoaded = _bookings.Count;
        var accounts = LoadMembers(ref reader, parts: Math.Max(1, upTo / part.Sequence));
        LoadBookings(ref reader, accounts);
        while (_bookings.Count <= part.Sequence) _bookings.Add(default);
        for (var i = reader.Number(); i > 0; i--)
        {
            var at = reader.Number();
            RequireOf(part, at > 0 && at < firstLoaded && _bookings[at].Exists);
            Count(at, -1);
            _bookings[at].State = (ReservationState)reader.Number();
            Count(at, +1);
        }
        HeadSequence = part.Sequence;
        if (part.Sequence >= upTo) _keys.Link();
        RequireOf(part, Terms is not null && Available >= 0 && Held >= 0 && Confirmed >= 0);
        RequireOf(part, Available + Held + Confirmed == Terms!.Capacity);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // called some hundred times when a silo starts, for millions
    private int[] LoadMembers(ref PartReader reader, long parts)
    {
        var count = reader.Number();
        var (places, letGo, forgottenAt, numbers) = (new long[count], new int[count], new long[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            places[i] = reader.Place();
            letGo[i] = reader.Number();
            if (letGo[i] > 0) forgottenAt[i] = reader.Ticks();
        }
        _accounts.Expect((int)Math.Min(count * parts, int.MaxValue)); // as if each part had as many new ones as the first
        _accounts.FindOrAdd(places, numbers);
        for (var i = 0; i < count; i++)
        {
            if (letGo[i] == 0) continue;
            ref var account = ref _accounts[numbers[i]];
            account.ForgottenAt = Math.Max(account.ForgottenAt + (letGo[i] * CyclePeriod.Ticks), forgottenAt[i]);
        }
        return numbers;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadBookings(ref PartReader reader, int[] accounts)
    {
        var (at, reservedAt) = ((int)HeadSequence, 0L);
        for (var i = reader.Number(); i > 0; i--)
        {
            at += reader.Number();
            while (_bookings.Count < at) _bookings.Add(default);
            var account = accounts[reader.Number()];
            var previous = _accounts[account].Last;
            var booking = new Booking
            {
                Account = account,
                Previous = previous,
                Ordinal = OrdinalAfter(previous),
                Quantity = reader.Number(),
                State = (ReservationState)reader.Number(),
                ReservedAt = reservedAt += reader.Ticks(),
            };
            if (reader.Ticks() is > 0 and var held) booking.ExpiresAt = reservedAt + held;
            if (reader.Number() > 0) booking.KeyAt = reader.Place();
            _accounts[account].Last = at;
            _bookings.Add(booking);
            IndexKey(at);
            Count(at, +1);
            if (booking.State == ReservationState.Held) _holds.Enqueue(at, (FromTicks(booking.ExpiresAt), at));
        }
    }

    /// <summary>Counts a reservation as it stands, or takes that back.</summary>
    private void Count(int at, int sign)
    {
        ref var booking = ref _bookings[at];
        if (booking.State is not (ReservationState.Held or ReservationState.Confirmed)) return;
        var tickets = sign * booking.Quantity;
        Available -= tickets;
        if (booking.State == ReservationState.Held) Held += tickets;
        else Confirmed += tickets;
        ReservationCount += sign;
        ref var used = ref _accounts[booking.Account].Used;
        if (used == 0) MemberCount++;
        used += tickets;
        if (used == 0) MemberCount--;
    }

    private static void RequireOf(in SnapshotPart part, bool holds, [CallerArgumentExpression(nameof(holds))] string rule = "")
    {
        if (!holds) throw new InvalidDataException($"The part of a snapshot that ends at {part.Sequence} breaks a rule: {rule}");
    }

    private EventResultStatus SetPaused(bool isPaused, EntryKind kind, string actor, DateTimeOffset now)
    {
        now = Advance(now);
        if (Terms is null) return EventResultStatus.EventNotFound;
        if (IsPaused != isPaused) Record(new(HeadSequence + 1, kind, now, actor));
        return EventResultStatus.Done;
    }

    private SaleState StateAt(DateTimeOffset now) =>
        IsPaused ? SaleState.Paused
        : Clock(now) < Terms!.OpensAt ? SaleState.Upcoming
        : Clock(now) >= Terms.ClosesAt ? SaleState.Closed
        : Available > 0 ? SaleState.Open
        : Held > 0 ? SaleState.AllHeld
        : SaleState.SoldOut;

    private int? FindByKey(in ReserveRequest request) =>
        request.Key is not null
        && _accounts.Find(request.MemberId) is >= 0 and var account
        && FindKey(account, request.Key) is > 0 and var at
            ? at
            : null;

    /// <summary>
    /// The sequence of a member's reservation that has this key; 0 when there is none. Who has few is looked through; only the keys of
    /// members with more reservations are in an index, which most events then never need.
    /// </summary>
    private int FindKey(int account, string key)
    {
        var at = _accounts[account].Last;
        if (_bookings[at].Ordinal > SearchedMax) return _keys.Find(account, key);
        while (at > 0 && (_bookings[at].KeyAt == 0 || !_texts.Is(_bookings[at].KeyAt, key))) at = _bookings[at].Previous;
        return at;
    }

    /// <summary>Puts the key of a member's newest reservation into the index when there are many, and with the first of these all before it.</summary>
    private void IndexKey(int at)
    {
        if (_bookings[at].KeyAt > 0) _keyCount++;
        if (_bookings[at].Ordinal <= SearchedMax) return;
        var isFirst = _bookings[_bookings[at].Previous].Ordinal <= SearchedMax;
        for (var one = at; one > 0 && (one == at || isFirst); one = _bookings[one].Previous)
        {
            if (_bookings[one].KeyAt > 0) _keys.Add(_bookings[one].Account, _texts[_bookings[one].KeyAt], one);
        }
    }

    private byte OrdinalAfter(int previous) => (byte)Math.Min(_bookings[previous].Ordinal + 1, SearchedMax + 1);

    /// <summary>Until when a member has to wait who let too many reservations go; null when there is no wait.</summary>
    private DateTimeOffset? CyclesAgainAt(int account)
    {
        if (account < 0) return null;
        // The allowance can be longer than the calendar: thousands of years for an event of 100,000,000 tickets.
        var allowance = Math.Max(CyclesMax, (long)CyclesPerTicket * Terms!.MaxPerMember) * CyclePeriod.Ticks;
        var again = _accounts[account].ForgottenAt - allowance;
        return again > 0 ? FromTicks(again) : null;
    }

    /// <summary>True when a sequence is that of a reservation of this member.</summary>
    private bool IsOf(string memberId, long sequence, out int at)
    {
        at = (int)Math.Clamp(sequence, 0, HeadSequence);
        return at == sequence && _bookings[at].Exists && IsOf(memberId, _bookings[at].Account);
    }

    private bool IsOf(string memberId, int account) => _texts.Is(_accounts.PlaceOf(account), memberId);

    private string MemberOf(int account) => _texts.TextAt(_accounts.PlaceOf(account));

    private string MemberAt(int at) => MemberOf(_bookings[at].Account);

    private Reservation ReservationAt(int at)
    {
        ref var booking = ref _bookings[at];
        return new(at, booking.Quantity, booking.State, FromTicks(booking.ReservedAt),
            booking.ExpiresAt == 0 ? null : booking.State == ReservationState.Held ? Clock(FromTicks(booking.ExpiresAt)) : FromTicks(booking.ExpiresAt));
    }

    private Reservation AsFirstAnswered(int at) => ReservationAt(at) with
    {
        State = _bookings[at].ExpiresAt == 0 ? ReservationState.Confirmed : ReservationState.Held,
    };

    /// <summary>The moment of a decision: never before the last one, and in microseconds, as the journal stores it.</summary>
    private DateTimeOffset Moment(DateTimeOffset now)
    {
        var behind = LastDecidedAt - now;
        if (Held == 0 || behind > _ahead) _ahead = behind > ClockAheadMax ? InMicroseconds(behind) : TimeSpan.Zero;
        now += _ahead;
        return InMicroseconds(now > LastDecidedAt ? now : LastDecidedAt);
    }

    /// <summary>What the clock shows at a moment of the event's time.</summary>
    private DateTimeOffset Clock(DateTimeOffset moment) => moment - _ahead;

    /// <summary>Moves time on: a hold is dead when <c>now >= expiresAt</c>, so the dead go first, before any decision.</summary>
    private DateTimeOffset Advance(DateTimeOffset now)
    {
        now = Moment(now);
        while (NextExpiry <= now) RecordAbout(_holds.Dequeue(), EntryKind.Expired, now);
        return now;
    }

    private void RecordAbout(int at, EntryKind kind, DateTimeOffset now) =>
        Record(new(HeadSequence + 1, kind, now, MemberAt(at), Quantity: _bookings[at].Quantity, ReservationSequence: at));

    private void Record(in JournalEntry entry)
    {
        Apply(entry);
        _uncommitted.Add(entry);
    }

    private void Apply(in JournalEntry entry)
    {
        Require(entry.Sequence == HeadSequence + 1, entry);
        Require(entry.DecidedAt >= LastDecidedAt, entry);
        Require(entry.Kind == EntryKind.Opened ? Terms is null : Terms is not null, entry);

        var booking = default(Booking);
        switch (entry.Kind)
        {
            case EntryKind.Opened or EntryKind.Changed: ApplyTerms(entry); break;
            case EntryKind.Reserved: booking = ApplyReserved(entry); break;
            case EntryKind.Confirmed or EntryKind.Cancelled or EntryKind.Expired: ApplyTransition(entry); break;
            case EntryKind.Paused or EntryKind.Resumed: IsPaused = entry.Kind == EntryKind.Paused; break;
            case EntryKind.TakenOver: break;
            case EntryKind.Damaged: throw new LedgerBrokenException("a stored row is as it was written", entry);
            default: throw new LedgerBrokenException(nameof(entry.Kind), entry);
        }
        _bookings.Add(booking);
        if (booking.Exists) IndexKey((int)entry.Sequence);
        HeadSequence = entry.Sequence;
        LastDecidedAt = entry.DecidedAt;
        _lastActor = entry.Actor;

        Require(Available >= 0, entry);
        Require(Held >= 0, entry);
        Require(Confirmed >= 0, entry);
        Require(Available + Held + Confirmed == Terms!.Capacity, entry);
    }

    private void ApplyTerms(in JournalEntry entry)
    {
        Require(entry.Terms is not null, entry);
        Available += entry.Terms!.Capacity - (Terms?.Capacity ?? 0);
        Terms = entry.Terms;
    }

    private Booking ApplyReserved(in JournalEntry entry)
    {
        Require(entry.Quantity >= 1, entry);
        Require(entry.ReservationSequence == entry.Sequence, entry);
        Require(entry.ExpiresAt is null || entry.ExpiresAt > entry.DecidedAt, entry);

        var at = (int)entry.Sequence;
        var number = _accounts.Find(entry.Actor);
        if (number < 0) number = _accounts.Add(entry.Actor);
        ref var account = ref _accounts[number];
        Require(entry.Key is null || FindKey(number, entry.Key) == 0, entry);
        if (entry.ExpiresAt is { } expiresAt) _holds.Enqueue(at, (expiresAt, at));
        var state = entry.ExpiresAt is null ? ReservationState.Confirmed : ReservationState.Held;
        var booking = new Booking
        {
            Account = number,
            Previous = account.Last,
            Quantity = entry.Quantity,
            State = state,
            ReservedAt = entry.DecidedAt.UtcTicks,
            ExpiresAt = entry.ExpiresAt?.UtcTicks ?? 0,
            KeyAt = entry.Key is null ? 0 : _texts.Add(entry.Key),
            Ordinal = OrdinalAfter(account.Last),
        };

        account.Last = at;
        Available -= entry.Quantity;
        if (state == ReservationState.Held) Held += entry.Quantity;
        else Confirmed += entry.Quantity;
        ReservationCount++;
        if (account.Used == 0) MemberCount++;
        account.Used += entry.Quantity;
        return booking;
    }

    private void ApplyTransition(in JournalEntry entry)
    {
        Require(entry.ReservationSequence > 0 && entry.ReservationSequence < _bookings.Count, entry);
        var at = (int)entry.ReservationSequence;
        ref var booking = ref _bookings[at];
        Require(booking.Exists && IsOf(entry.Actor, booking.Account), entry);
        var quantity = booking.Quantity;
        Require(entry.Quantity == quantity, entry);
        var from = booking.State;
        Require(from == ReservationState.Held || (from == ReservationState.Confirmed && entry.Kind == EntryKind.Cancelled), entry);

        var isOver = booking.ExpiresAt > 0 && entry.DecidedAt.UtcTicks >= booking.ExpiresAt;
        Require(from != ReservationState.Held || isOver == (entry.Kind == EntryKind.Expired), entry);

        if (from == ReservationState.Held) Held -= quantity;
        else Confirmed -= quantity;
        if (entry.Kind == EntryKind.Confirmed)
        {
            Confirmed += quantity;
            booking.State = ReservationState.Confirmed;
            return;
        }
        Available += quantity;
        booking.State = entry.Kind == EntryKind.Cancelled ? ReservationState.Cancelled : ReservationState.Expired;
        ReservationCount--;
        ref var account = ref _accounts[booking.Account];
        account.Used -= quantity;
        Require(account.Used >= 0, entry);
        if (account.Used == 0) MemberCount--;
        account.ForgottenAt = Math.Max(account.ForgottenAt, entry.DecidedAt.UtcTicks) + CyclePeriod.Ticks;
    }

    private static void Require(bool holds, in JournalEntry entry, [CallerArgumentExpression(nameof(holds))] string rule = "")
    {
        if (!holds) throw new LedgerBrokenException(rule, entry);
    }

    private static DateTimeOffset InMicroseconds(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static TimeSpan InMicroseconds(TimeSpan time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static EventTerms InMicroseconds(EventTerms terms) => terms with
    {
        OpensAt = terms.OpensAt is { } opensAt ? InMicroseconds(opensAt) : null,
        ClosesAt = terms.ClosesAt is { } closesAt ? InMicroseconds(closesAt) : null,
    };

    private static DateTimeOffset FromTicks(long ticks) => new(ticks, TimeSpan.Zero);

    private struct Account
    {
        public int Used;
        public int Last; // the sequence of the newest reservation
        public long ForgottenAt; // ticks, UTC: when all that were let go are forgotten, one each CyclePeriod; 0 when there were none
    }

    /// <summary>A reservation in memory, at the index that is its sequence. A member's are chained, the newest first.</summary>
    private struct Booking
    {
        public int Account;
        public int Previous; // the sequence of the member's reservation before; 0 when there is none
        public int Quantity;
        public long ReservedAt; // ticks, UTC
        public long ExpiresAt; // ticks, UTC; 0 when it does not expire
        public long KeyAt; // the place of the call's key; 0 when it had none
        public byte Ordinal; // among the member's reservations, from 1; of those above SearchedMax all have one more than it
        private byte _state;

        public ReservationState State
        {
            readonly get => (ReservationState)_state;
            set => _state = (byte)value;
        }

        /// <summary>False at the sequence of an entry that is no reservation.</summary>
        public readonly bool Exists => Quantity > 0;
    }
}

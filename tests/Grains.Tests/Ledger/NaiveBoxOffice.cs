namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>
/// The rules of sale, implemented a second time and naively: a list of sales, from which every number is counted each
/// time. It is slow and plainly right; the simulation compares the ledger with it.
/// </summary>
internal sealed class NaiveBoxOffice
{
    private readonly List<NaiveSale> _sales = [];
    private DateTimeOffset _now;
    private TimeSpan _ahead;

    /// <summary>All that the journal should have.</summary>
    public List<JournalEntry> Book { get; } = [];

    public IReadOnlyList<NaiveSale> Sales => _sales;
    public EventTerms? Terms { get; private set; }
    public bool IsPaused { get; private set; }
    public TimeSpan? ClockAhead => _ahead == TimeSpan.Zero ? null : _ahead;
    public int Held => TicketsOf(SalesIn(ReservationState.Held));
    public int Confirmed => TicketsOf(SalesIn(ReservationState.Confirmed));
    public int Available => Terms is null ? 0 : Terms.Capacity - Held - Confirmed;
    public int ReservationCount => _sales.Count(IsLive);
    public int MemberCount => _sales.Where(IsLive).Select(sale => sale.Member).Distinct().Count();
    public DateTimeOffset? NextExpiry => SalesIn(ReservationState.Held).Min(sale => sale.ExpiresAt);

    public EventResultStatus Open(EventTerms terms, DateTimeOffset now)
    {
        if (Terms is not null) return EventResultStatus.EventExists;
        terms = InMicroseconds(terms);
        if (terms.Errors().Count > 0) return EventResultStatus.InvalidTerms;

        Look(now);
        Terms = terms;
        Write(EntryKind.Opened, Given.Operator, terms: terms);
        return EventResultStatus.Done;
    }

    public EventResultStatus Change(TermsChange change, DateTimeOffset now)
    {
        Look(now);
        if (Terms is null) return EventResultStatus.EventNotFound;
        var terms = InMicroseconds(change.ApplyTo(Terms));
        if (terms.Errors().Count > 0) return EventResultStatus.InvalidTerms;
        if (TicketsOf(_sales.Where(IsLive)) > terms.Capacity) return EventResultStatus.CapacityBelowSold;
        if (terms == Terms) return EventResultStatus.Done;

        Terms = terms;
        Write(EntryKind.Changed, Given.Operator, terms: terms);
        return EventResultStatus.Done;
    }

    public EventResultStatus SetPaused(bool isPaused, DateTimeOffset now)
    {
        Look(now);
        if (Terms is null) return EventResultStatus.EventNotFound;
        if (isPaused == IsPaused) return EventResultStatus.Done;

        IsPaused = isPaused;
        Write(isPaused ? EntryKind.Paused : EntryKind.Resumed, Given.Operator);
        return EventResultStatus.Done;
    }

    /// <summary>Of all outcomes that apply, the first in the contract is the answer.</summary>
    public ReserveResult Reserve(ReserveRequest request, DateTimeOffset now)
    {
        Look(now);
        var status = TrueOf(request).Min();
        return status switch
        {
            ReserveStatus.Reserved => new(status, Sell(request).AsFirstAnswered(_now, _ahead)),
            ReserveStatus.Replayed => new(status, RememberedFor(request)!.AsFirstAnswered(_now, _ahead)),
            ReserveStatus.NotOpen => new(status, Refusal: new(_now - _ahead, RetryAt: Terms!.OpensAt)),
            ReserveStatus.LimitExceeded => new(
                status, Refusal: new(_now, Limit: Terms!.MaxPerMember, Used: UsedBy(request.MemberId))),
            ReserveStatus.AllHeld => new(status, Refusal: new(_now, RetryAt: NextExpiry)),
            ReserveStatus.Insufficient => new(status, Refusal: new(_now, Available: Available)),
            _ => new(status),
        };
    }

    public ReservationResult Confirm(string member, long sequence, DateTimeOffset now)
    {
        Look(now);
        var sale = FindSale(member, sequence);
        if (sale is null) return new(ReservationStatus.NotFound);
        if (StateOf(sale) == ReservationState.Cancelled) return new(ReservationStatus.AlreadyCancelled);
        if (StateOf(sale) == ReservationState.Expired) return new(ReservationStatus.HoldExpired);

        if (!sale.IsConfirmed) Write(EntryKind.Confirmed, member, sale: sale);
        sale.IsConfirmed = true;
        return new(ReservationStatus.Done, AsItStands(sale));
    }

    public ReservationResult Cancel(string member, long sequence, DateTimeOffset now)
    {
        Look(now);
        var sale = FindSale(member, sequence);
        if (sale is null) return new(ReservationStatus.NotFound);
        if (StateOf(sale) == ReservationState.Expired) return new(ReservationStatus.HoldExpired);

        if (!sale.IsCancelled) Write(EntryKind.Cancelled, member, sale: sale);
        sale.IsCancelled = true;
        return new(ReservationStatus.Done, AsItStands(sale));
    }

    public ReservationResult Find(string member, long sequence, DateTimeOffset now)
    {
        Look(now);
        var sale = FindSale(member, sequence);
        return sale is null ? new(ReservationStatus.NotFound) : new(ReservationStatus.Done, AsItStands(sale));
    }

    public Reservation[] ReservationsOf(string member, int countMax, DateTimeOffset now)
    {
        Look(now);
        return [.. _sales.Where(sale => sale.Member == member).Select(AsItStands).Reverse().Take(countMax)];
    }

    public ExportedReservation[] Export(long after, int countMax, DateTimeOffset now)
    {
        Look(now);
        return
        [
            .. _sales.Where(sale => sale.Sequence > after).Take(countMax)
                .Select(sale => new ExportedReservation(sale.Member, AsItStands(sale))),
        ];
    }

    public EventStatus? Status(DateTimeOffset now)
    {
        Look(now);
        if (Terms is null) return null;
        var version = (Book.Count * 4) + (IsBeforeOpening ? 0 : IsAfterClose ? 2 : 1);
        return new("1", Terms, Available, Held, Confirmed, StateNow().Min(), Book.Count, version, ClockAhead);
    }

    /// <summary>Another owner continues from what was written.</summary>
    public void ChangeOwners() => _ahead = TimeSpan.Zero;

    /// <summary>
    /// The event's time: whole microseconds, not before the last entry. When that is more than two seconds ahead of the
    /// clock, time runs on from there while anything is held, and else stands still. Expired holds are recorded.
    /// </summary>
    public void Look(DateTimeOffset clock)
    {
        var behind = Book.Count > 0 ? Book[^1].DecidedAt - clock : TimeSpan.Zero;
        if (Held == 0 || behind > _ahead)
            _ahead = behind > TimeSpan.FromSeconds(2) ? new(behind.Ticks - (behind.Ticks % 10)) : TimeSpan.Zero;
        _now = InMicroseconds(clock + _ahead);
        if (Book.Count > 0 && _now < Book[^1].DecidedAt) _now = Book[^1].DecidedAt;

        foreach (var sale in _sales.Where(sale => StateOf(sale) == ReservationState.Expired && !sale.IsExpiryWritten))
        {
            sale.IsExpiryWritten = true;
            Write(EntryKind.Expired, sale.Member, sale: sale);
        }
    }

    private IEnumerable<ReserveStatus> TrueOf(ReserveRequest request)
    {
        yield return ReserveStatus.Reserved;
        if (request.Quantity is < 1 or > 1_000) yield return ReserveStatus.InvalidQuantity;
        if (Terms is null) yield return ReserveStatus.EventNotFound;
        if (Terms is null) yield break;

        var (available, held) = (Available, Held);
        if (request.Quantity > available) yield return ReserveStatus.Insufficient;
        if (available == 0 && held > 0) yield return ReserveStatus.AllHeld;
        if (available == 0 && held == 0) yield return ReserveStatus.SoldOut;
        if ((long)request.Quantity + UsedBy(request.MemberId) > Terms.MaxPerMember)
            yield return ReserveStatus.LimitExceeded;
        if (IsAfterClose) yield return ReserveStatus.Closed;
        if (IsBeforeOpening) yield return ReserveStatus.NotOpen;
        if (IsPaused) yield return ReserveStatus.Paused;
        if (RememberedFor(request) is { } sale)
            yield return sale.Quantity == request.Quantity ? ReserveStatus.Replayed : ReserveStatus.IdempotencyMismatch;
    }

    private IEnumerable<SaleState> StateNow()
    {
        if (IsPaused) yield return SaleState.Paused;
        if (IsBeforeOpening) yield return SaleState.Upcoming;
        if (IsAfterClose) yield return SaleState.Closed;
        yield return Available > 0 ? SaleState.Open : Held > 0 ? SaleState.AllHeld : SaleState.SoldOut;
    }

    private bool IsBeforeOpening => Terms!.OpensAt is { } opensAt && _now - _ahead < opensAt;
    private bool IsAfterClose => Terms!.ClosesAt is { } closesAt && _now - _ahead >= closesAt;

    private int UsedBy(string member) => TicketsOf(_sales.Where(sale => sale.Member == member && IsLive(sale)));

    private static int TicketsOf(IEnumerable<NaiveSale> sales) => sales.Sum(sale => sale.Quantity);

    private IEnumerable<NaiveSale> SalesIn(ReservationState state) => _sales.Where(sale => StateOf(sale) == state);

    private NaiveSale? FindSale(string member, long sequence) =>
        _sales.Find(sale => sale.Sequence == sequence && sale.Member == member);

    private NaiveSale? RememberedFor(ReserveRequest request) =>
        request.Key is null ? null : _sales.Find(sale => sale.Member == request.MemberId && sale.Key == request.Key);

    private bool IsLive(NaiveSale sale) => StateOf(sale) is ReservationState.Held or ReservationState.Confirmed;

    private ReservationState StateOf(NaiveSale sale) => sale.StateAt(_now);

    private NaiveSale Sell(ReserveRequest request)
    {
        var sale = new NaiveSale
        {
            Sequence = Book.Count + 1,
            Member = request.MemberId,
            Key = request.Key,
            Quantity = request.Quantity,
            ReservedAt = _now,
            ExpiresAt = Terms!.HoldSeconds > 0 ? _now + TimeSpan.FromSeconds(Terms.HoldSeconds) : null,
            IsConfirmed = Terms.HoldSeconds == 0,
        };
        _sales.Add(sale);
        Book.Add(new(sale.Sequence, EntryKind.Reserved, _now, sale.Member, sale.Key, sale.Quantity, sale.Sequence,
            sale.ExpiresAt));
        return sale;
    }

    private void Write(EntryKind kind, string actor, NaiveSale? sale = null, EventTerms? terms = null) =>
        Book.Add(new(Book.Count + 1, kind, _now, actor, null, sale?.Quantity ?? 0, sale?.Sequence ?? 0, null, terms));

    private Reservation AsItStands(NaiveSale sale) => sale.AsItStandsAt(_now, _ahead);

    private static EventTerms InMicroseconds(EventTerms terms) => terms with
    {
        OpensAt = terms.OpensAt is { } opensAt ? InMicroseconds(opensAt) : null,
        ClosesAt = terms.ClosesAt is { } closesAt ? InMicroseconds(closesAt) : null,
    };

    private static DateTimeOffset InMicroseconds(DateTimeOffset moment) => moment.AddTicks(-(moment.Ticks % 10));
}

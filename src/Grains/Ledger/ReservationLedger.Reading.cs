namespace BoxOffice.Grains.Ledger;

/// <summary>
/// What an event tells: reservations, numbers, the sold-out notice. A read first advances time, which may expire holds.
/// </summary>
public sealed partial class ReservationLedger
{
    /// <summary>A member's reservation as it stands now.</summary>
    public ReservationResult Find(string memberId, long sequence, DateTimeOffset now)
    {
        Advance(now);
        return IsOf(memberId, sequence, out var at)
            ? new(ReservationStatus.Done, ReservationAt(at))
            : new(ReservationStatus.NotFound);
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
        // The version also changes when the sale opens or closes, which leaves no entry: 4 has room for both.
        var phase = Clock(now) < Terms.OpensAt ? 0 : Clock(now) >= Terms.ClosesAt ? 2 : 1;
        var version = (HeadSequence * 4) + phase;
        return new(eventId, Terms, Available, Held, Confirmed, StateAt(now), HeadSequence, version, ClockAhead);
    }

    /// <summary>
    /// True when <see cref="Reserve"/> answers <see cref="ReserveStatus.SoldOut"/> to every member without a
    /// reservation who asks for no more than one member may have.
    /// </summary>
    public bool IsSoldOut(DateTimeOffset now) => Terms is not null && StateAt(Advance(now)) == SaleState.SoldOut;

    /// <summary>
    /// What front-ends need to refuse by themselves; null when the event is not sold out, or has too many members and
    /// keys.
    /// </summary>
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
            if (_bookings[i].KeyAt == 0) continue;
            keys.Add(SoldOutNotice.FingerprintOf(MemberAt(i), _texts.TextAt(_bookings[i].KeyAt)));
        }
        return new(HeadSequence, Terms!.MaxPerMember, used, keys);
    }

    private SaleState StateAt(DateTimeOffset now) =>
        IsPaused ? SaleState.Paused
        : Clock(now) < Terms!.OpensAt ? SaleState.Upcoming
        : Clock(now) >= Terms.ClosesAt ? SaleState.Closed
        : Available > 0 ? SaleState.Open
        : Held > 0 ? SaleState.AllHeld
        : SaleState.SoldOut;

    private string MemberOf(int account) => _texts.TextAt(_accounts.PlaceOf(account));

    private string MemberAt(int at) => MemberOf(_bookings[at].Account);

    private Reservation ReservationAt(int at)
    {
        ref var booking = ref _bookings[at];
        DateTimeOffset? expiresAt =
            booking.ExpiresAt == 0 ? null
            : booking.State == ReservationState.Held ? Clock(FromTicks(booking.ExpiresAt))
            : FromTicks(booking.ExpiresAt);
        return new(at, booking.Quantity, booking.State, FromTicks(booking.ReservedAt), expiresAt);
    }

    private Reservation AsFirstAnswered(int at) => ReservationAt(at) with
    {
        State = _bookings[at].ExpiresAt == 0 ? ReservationState.Confirmed : ReservationState.Held,
    };
}

namespace BoxOffice.Grains.Ledger;

/// <summary>Reservations and members in memory, and how they are found.</summary>
public sealed partial class ReservationLedger
{
    private int? FindByKey(in ReserveRequest request) =>
        request.Key is not null
        && _accounts.Find(request.MemberId) is >= 0 and var account
        && FindKey(account, request.Key) is > 0 and var at
            ? at
            : null;

    /// <summary>
    /// The sequence of a member's reservation that has this key; 0 when there is none. A member's few reservations are
    /// searched; only the keys of members with more are in an index, which most events never need.
    /// </summary>
    private int FindKey(int account, string key)
    {
        var at = _accounts[account].Last;
        if (_bookings[at].Ordinal > SearchedMax) return _keys.Find(account, key);
        while (at > 0 && (_bookings[at].KeyAt == 0 || !_texts.Is(_bookings[at].KeyAt, key)))
            at = _bookings[at].Previous;
        return at;
    }

    /// <summary>
    /// Adds the key of a member's newest reservation to the index when the member has many, and with the first of these
    /// all keys before it.
    /// </summary>
    private void IndexKey(int at)
    {
        if (_bookings[at].KeyAt > 0) _keyCount++;
        if (_bookings[at].Ordinal <= SearchedMax) return;
        var isFirst = _bookings[_bookings[at].Previous].Ordinal <= SearchedMax;
        for (var next = at; next > 0 && (next == at || isFirst); next = _bookings[next].Previous)
        {
            if (_bookings[next].KeyAt > 0) _keys.Add(_bookings[next].Account, _texts[_bookings[next].KeyAt], next);
        }
    }

    private byte OrdinalAfter(int previous) =>
        (byte)Math.Min(_bookings[previous].Ordinal + 1, SearchedMax + 1);

    /// <summary>
    /// When a member with too many cancelled or expired reservations may reserve again; null when at once.
    /// </summary>
    private DateTimeOffset? CyclesAgainAt(int account)
    {
        if (account < 0) return null;
        // In ticks, for the allowance can exceed the calendar: thousands of years for an event of 100,000,000 tickets.
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

    private struct Account
    {
        public int Used;
        public int Last; // the sequence of the newest reservation

        /// <summary>
        /// Ticks, UTC: when no cancelled or expired reservation counts any more, one each CyclePeriod; 0 when there
        /// were none.
        /// </summary>
        public long ForgottenAt;
    }

    /// <summary>A reservation in memory; its index is its sequence. A member's are chained, the newest first.</summary>
    private struct Booking
    {
        public int Account;
        public int Previous; // the sequence of the member's reservation before; 0 when there is none
        public int Quantity;
        public long ReservedAt; // ticks, UTC
        public long ExpiresAt; // ticks, UTC; 0 when it does not expire
        public long KeyAt; // the place of the call's key; 0 when it had none
        public byte Ordinal; // among the member's reservations, from 1; at most SearchedMax + 1
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

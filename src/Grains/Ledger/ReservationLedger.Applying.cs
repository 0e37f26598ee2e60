using System.Runtime.CompilerServices;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// How entries change the state: the same for a decision and for a replay, with the rules that every entry must obey.
/// </summary>
public sealed partial class ReservationLedger
{
    /// <summary>
    /// Applies one stored entry. Throws <see cref="LedgerBrokenException"/> when it cannot follow the one before.
    /// </summary>
    public void Replay(in JournalEntry entry) => Apply(entry);

    private void RecordAbout(int at, EntryKind kind, DateTimeOffset now) => Record(
        new(HeadSequence + 1, kind, now, MemberAt(at), Quantity: _bookings[at].Quantity, ReservationSequence: at));

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
        var isLive = from == ReservationState.Held
            || (from == ReservationState.Confirmed && entry.Kind == EntryKind.Cancelled);
        Require(isLive, entry);

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

    private static void Require(
        bool holds, in JournalEntry entry, [CallerArgumentExpression(nameof(holds))] string rule = "")
    {
        if (!holds) throw new LedgerBrokenException(rule, entry);
    }
}

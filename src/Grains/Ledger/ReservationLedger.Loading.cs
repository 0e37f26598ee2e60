using System.Runtime.CompilerServices;

namespace BoxOffice.Grains.Ledger;

/// <summary>Loads the parts of a snapshot, as if their entries were replayed.</summary>
public sealed partial class ReservationLedger
{
    /// <summary>
    /// Applies a part of a snapshot as if its entries were replayed. The rules that each entry obeyed when it was
    /// decided are not checked again; the sums are. After an exception this ledger must not be used.
    /// </summary>
    /// <param name="part">It follows what was replayed.</param>
    /// <param name="bytes">
    /// Verified by <see cref="PartReader.IsWhole"/>. The ledger keeps them, for their texts.
    /// </param>
    /// <param name="upTo">The last sequence of the parts that follow: an estimate of the room that is needed.</param>
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

    // Called some hundred times when a silo starts, for millions of members: too seldom for tiered compilation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        _accounts.Expect((int)Math.Min(count * parts, int.MaxValue)); // assumes that each part has as many new ones
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

    /// <summary>Adds a reservation in its state to the sums, or subtracts it.</summary>
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

    private static void RequireOf(
        in SnapshotPart part, bool holds, [CallerArgumentExpression(nameof(holds))] string rule = "")
    {
        if (holds) return;
        throw new InvalidDataException($"The part of a snapshot that ends at {part.Sequence} breaks a rule: {rule}");
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// Checks the answers to reserve calls against the journal, and the journal's reservations against the calls. Calls
/// with a key are matched by it, calls without one by the reservation in the answer. The rest are counted: a member's
/// unknown calls can explain as many reservations of the same quantity.
/// </summary>
internal sealed class ReserveAudit(Recount recount, Causes causes, Findings findings)
{
    private readonly Dictionary<(string MemberId, string? Key, int Quantity), MatchingCalls> _asked = [];
    private readonly Dictionary<(string MemberId, string Key), List<StoredReservation>> _byKey = [];
    private readonly Dictionary<(string MemberId, string Key), Operation> _firstOk = [];
    private readonly Dictionary<long, Operation> _toldWithoutKey = [];

    /// <summary>Checks all reserve calls, given in the order of sending.</summary>
    public void Check(IReadOnlyList<Operation> reserves)
    {
        foreach (var reservation in recount.Reservations.Values)
        {
            if (reservation.Reserved.Key is { } key) ListOf(_byKey, (reservation.Owner, key)).Add(reservation);
        }
        foreach (var operation in reserves) Add(operation);
        foreach (var operation in reserves)
        {
            if (operation.IsOk) CheckAccepted(operation);
            else if (operation.IsRefusedByRule() && operation.Call.Key is { } key) CheckRefused(operation, key);
        }
        foreach (var (_, reservations) in _byKey) CheckOnePerKey(reservations);
        foreach (var reservation in recount.Reservations.Values) CheckWasAskedFor(reservation);
    }

    private void Add(Operation operation)
    {
        var call = operation.Call;
        ref var asked = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _asked, (call.MemberId, call.Key, call.Quantity), out _);
        (asked ??= new()).Add(operation);
        if (!operation.IsOk || call.Key is null) return;
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_firstOk, (call.MemberId, call.Key), out _);
        if (first is null || operation.CompletedAt < first.CompletedAt) first = operation;
    }

    private void CheckAccepted(Operation operation)
    {
        var (call, told) = (operation.Call, operation.Answer!.Reservation);
        var first = call.Key is null ? operation : _firstOk[(call.MemberId, call.Key)];
        // The answers alone show this, even when the journal has lost the key.
        findings.Require(operation.ReservationSequence == first.ReservationSequence, Promise.OneEffectPerKey, operation,
            $"was given another reservation than the first call with its key, #{first.Id}, was");
        if (told is null || !recount.Reservations.TryGetValue(told.Sequence, out var stored))
        {
            findings.Add(Promise.NothingAcknowledgedIsLost, operation, "was accepted, and is not in the journal");
            return;
        }
        causes.ToldTo(told.Sequence, operation);
        var entry = stored.Reserved;
        Keeps(call.MemberId == stored.Owner, $"was given the reservation of {stored.Owner}");
        Keeps(call.Key == entry.Key, $"was given the reservation with the key {entry.Key ?? "(none)"}");
        Keeps(told.Quantity == stored.Quantity, $"was told {told.Quantity} tickets, and has {stored.Quantity}");
        Keeps(told.ReservationId == $"{findings.EventId}-{told.Sequence}", $"was told the id {told.ReservationId}");
        Keeps(told.ExpiresAt == entry.ExpiresAt,
            $"was told a hold until {told.ExpiresAt:O}, and it is until {entry.ExpiresAt:O}");
        Keeps(told.Status == (stored.WasConfirmedAtOnce ? "CONFIRMED" : "HELD"), $"was told {told.Status}");
        findings.Require(call.Quantity == stored.Quantity,
            call.Key is null ? Promise.NothingAcknowledgedIsLost : Promise.OneEffectPerKey, operation,
            $"asked for {call.Quantity} and was accepted with {stored.Quantity}");
        if (call.Key is null)
            Keeps(_toldWithoutKey.TryAdd(told.Sequence, operation),
                $"was given a reservation that had been given before");

        void Keeps(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Findings.Sentence sentence) =>
            findings.Require(holds, Promise.NothingAcknowledgedIsLost, operation, ref sentence);
    }

    /// <summary>
    /// A repeat is recognized before any rule of sale is checked, so only its quantity can be wrong.
    /// </summary>
    private void CheckRefused(Operation operation, string key)
    {
        var call = operation.Call;
        var isMismatch = operation.Answer!.Code == "IDEMPOTENCY_MISMATCH";
        if (isMismatch)
        {
            var withKey = _byKey.GetValueOrDefault((call.MemberId, key));
            var hasOtherQuantity = withKey?.Any(reservation => reservation.Quantity != call.Quantity) == true;
            findings.Require(hasOtherQuantity, Promise.HonestRefusal, operation,
                $"was told that its key was used for another quantity, and it was not");
            return;
        }
        // The front-end rejects an invalid quantity before the key is looked up.
        if (operation.Answer.Code == "INVALID_QUANTITY") return;
        if (!_firstOk.TryGetValue((call.MemberId, key), out var first)) return;
        findings.Require(!(first.CompletedAt < operation.InvokedAt), Promise.OneEffectPerKey, operation,
            $"did not get the answer of the first call with its key, #{first.Id}");
    }

    private void CheckOnePerKey(List<StoredReservation> reservations)
    {
        foreach (var repeated in reservations.Skip(1))
        {
            findings.Add(Promise.OneEffectPerKey, repeated.Reserved,
                $"the key {repeated.Reserved.Key} had its effect before, at sequence {reservations[0].Sequence}");
        }
    }

    private void CheckWasAskedFor(StoredReservation reservation)
    {
        var (entry, sequence) = (reservation.Reserved, reservation.Sequence);
        var asked = _asked.GetValueOrDefault((reservation.Owner, entry.Key, reservation.Quantity));
        if (entry.Key is null && _toldWithoutKey.TryGetValue(sequence, out var told))
        {
            causes.SentBy(sequence, told);
            return;
        }
        var first = entry.Key is null ? asked?.FirstUnknown : asked?.FirstThatMayHaveHappened;
        if (first is not null && (entry.Key is not null || asked!.UnknownCount-- > 0))
        {
            causes.SentBy(sequence, first);
            return;
        }
        if (asked?.Refused is { } refused)
            findings.Add(Promise.RefusedMeansNoEffect, entry, $"its member was told that it was not done: {refused}");
        else findings.Add(Promise.NoPhantom, entry, "no call asked for it");
    }

    private static List<TValue> ListOf<TKey, TValue>(Dictionary<TKey, List<TValue>> lists, TKey key)
        where TKey : notnull
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(lists, key, out _);
        return list ??= [];
    }
}

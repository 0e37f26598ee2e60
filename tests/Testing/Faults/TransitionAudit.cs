using System.Runtime.InteropServices;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// Checks the answers to confirm and cancel calls against the journal, and the journal's transitions against the calls.
/// Also checks reads that found no reservation. <see cref="ListAudit"/> checks reads that found one.
/// </summary>
internal sealed class TransitionAudit(Recount recount, Causes causes, Findings findings)
{
    private readonly Dictionary<(Verb Verb, long Sequence, string MemberId), MatchingCalls> _byMember = [];
    private readonly Dictionary<(Verb Verb, long Sequence), MatchingCalls> _byAllMembers = [];

    /// <summary>
    /// Checks all calls on reservations, given in the order of sending. Must run after the check of reserve calls.
    /// </summary>
    public void Check(IReadOnlyList<Operation> transitions)
    {
        foreach (var operation in transitions)
        {
            var call = operation.Call;
            if (call.Verb == Verb.Find)
            {
                if (operation.IsRefused) CheckRefused(operation);
                continue;
            }
            AskedFor(_byMember, (call.Verb, call.Sequence, call.MemberId)).Add(operation);
            AskedFor(_byAllMembers, (call.Verb, call.Sequence)).Add(operation);
            if (operation.IsOk) CheckAccepted(operation);
            else if (operation.IsRefused) CheckRefused(operation);
        }
        foreach (var entry in recount.Entries)
        {
            if (entry.Kind == StoredKind.Confirmed) CheckWasAskedFor(entry, Verb.Confirm);
            if (entry.Kind == StoredKind.Cancelled) CheckWasAskedFor(entry, Verb.Cancel);
        }
    }

    private void CheckAccepted(Operation operation)
    {
        var (call, told) = (operation.Call, operation.Answer!.Reservation);
        if (!recount.Reservations.TryGetValue(call.Sequence, out var stored))
        {
            findings.Add(
                Promise.NothingAcknowledgedIsLost, operation, "was accepted, and there is no such reservation");
            return;
        }
        findings.Require(call.MemberId == stored.Owner, Promise.OnlyTheOwner, operation,
            $"was accepted for a reservation of {stored.Owner}");
        var isConfirm = call.Verb == Verb.Confirm;
        var sequence = isConfirm ? stored.ConfirmedAt : stored.CancelledAt;
        findings.Require(
            sequence != 0 || (isConfirm && stored.WasConfirmedAtOnce), Promise.NothingAcknowledgedIsLost, operation,
            $"was accepted, and is not in the journal");
        var isAsTold = told?.Sequence == stored.Sequence && told.Quantity == stored.Quantity
            && told.Status == (isConfirm ? "CONFIRMED" : "CANCELLED");
        findings.Require(isAsTold, Promise.NothingAcknowledgedIsLost, operation,
            $"was told {told}, and it is {stored.Quantity} tickets at sequence {stored.Sequence}");
        causes.ToldTo(sequence, operation);
    }

    private void CheckRefused(Operation operation)
    {
        var stored = recount.Reservations.GetValueOrDefault(operation.Call.Sequence);
        switch (operation.Answer!.Code)
        {
            case "RESERVATION_NOT_FOUND":
                var isMine = stored is not null && stored.Owner == operation.Call.MemberId;
                // The answer is final, so the owner has read the journal after the call arrived: no slack.
                findings.Require(!isMine || !causes.WasToldBefore(stored!.Sequence, operation.InvokedAt),
                    Promise.NothingAcknowledgedIsLost, operation,
                    $"was told that there is no reservation that had been given");
                break;
            case "HOLD_EXPIRED":
                findings.Require(stored?.ExpiredAt > 0, Promise.HoldsEndOnTime, operation,
                    $"was told of an expiry that did not happen");
                causes.ToldTo(stored?.ExpiredAt ?? 0, operation);
                break;
            case "ALREADY_CANCELLED":
                findings.Require(stored?.CancelledAt > 0, Promise.HonestRefusal, operation,
                    $"was told of a cancellation that did not happen");
                causes.ToldTo(stored?.CancelledAt ?? 0, operation);
                break;
            default:
                break; // a failure, which says nothing about the reservation
        }
    }

    private void CheckWasAskedFor(StoredEntry entry, Verb verb)
    {
        if (!recount.Reservations.TryGetValue(entry.ReservationSequence, out var reservation)) return;
        var asked = _byMember.GetValueOrDefault((verb, reservation.Sequence, reservation.Owner));
        if (asked?.FirstThatMayHaveHappened is { } first)
        {
            causes.SentBy(entry.Sequence, first);
            return;
        }
        var byAllMembers = _byAllMembers.GetValueOrDefault((verb, reservation.Sequence));
        if (byAllMembers?.FirstThatMayHaveHappened is { } others)
            findings.Add(Promise.OnlyTheOwner, entry, $"only others asked for it: {others}");
        else if (byAllMembers?.Refused is { } refused)
            findings.Add(Promise.RefusedMeansNoEffect, entry, $"its caller was told that it was not done: {refused}");
        else findings.Add(Promise.NoPhantom, entry, "no call asked for it");
    }

    private static MatchingCalls AskedFor<TKey>(Dictionary<TKey, MatchingCalls> all, TKey key) where TKey : notnull
    {
        ref var asked = ref CollectionsMarshal.GetValueRefOrAddDefault(all, key, out _);
        return asked ??= new();
    }
}

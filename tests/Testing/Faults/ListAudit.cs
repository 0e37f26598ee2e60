namespace BoxOffice.Testing.Faults;

/// <summary>
/// Checks reported reservations, from lists and single reads, against the journal. All that is reported must be
/// durable, also before any call was answered with success. Omissions of a list are not checked.
/// </summary>
internal static class ListAudit
{
    /// <summary>Checks the answers to members and operators.</summary>
    public static void Check(Recount recount, Causes causes, IReadOnlyList<Operation> lists, Findings findings)
    {
        foreach (var operation in lists.Where(list => list.IsOk))
        {
            foreach (var told in operation.Answer!.List!)
            {
                findings.Require(operation.Call.Verb != Verb.Find || told.Sequence == operation.Call.Sequence,
                    Promise.NothingAcknowledgedIsLost, operation, $"was shown {told} instead");
                if (!recount.Reservations.TryGetValue(told.Sequence, out var stored))
                {
                    findings.Add(Promise.NothingAcknowledgedIsLost, operation,
                        $"was shown {told}, and there is no such reservation");
                    continue;
                }
                var owner = told.MemberId ?? operation.Call.MemberId;
                findings.Require(owner == stored.Owner && told.Quantity == stored.Quantity && IsStored(told, stored),
                    Promise.NothingAcknowledgedIsLost, operation,
                    $"was shown {told} of {owner}, and the journal has {stored.Quantity} tickets of {stored.Owner}, "
                    + $"last {stored.State}");
                causes.ToldTo(told.Sequence, operation);
            }
        }
    }

    /// <summary>
    /// True when the reservation had this status at some moment. A hold that has ended is EXPIRED before the journal
    /// has the expiry.
    /// </summary>
    private static bool IsStored(ReportedReservation told, StoredReservation stored) => told.Status switch
    {
        "CONFIRMED" => stored.WasConfirmedAtOnce || stored.ConfirmedAt != 0,
        "CANCELLED" => stored.CancelledAt != 0,
        "HELD" or "EXPIRED" => !stored.WasConfirmedAtOnce,
        _ => false,
    };
}

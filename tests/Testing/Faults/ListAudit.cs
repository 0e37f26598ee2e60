namespace BoxOffice.Testing.Faults;

/// <summary>
/// Does the journal have what lists of reservations, and looks at one, told? Whatever was told of must be durable, also when nobody was told
/// before that it was done. What a list leaves out is not judged.
/// </summary>
internal static class ListAudit
{
    /// <summary>Judges what members and operators were shown.</summary>
    public static void Check(Recount recount, Causes causes, IReadOnlyList<Operation> lists, Findings findings)
    {
        foreach (var operation in lists.Where(one => one.IsOk))
        {
            foreach (var told in operation.Answer!.List!)
            {
                findings.Require(operation.Call.Verb != Verb.Find || told.Sequence == operation.Call.Sequence,
                    Promise.NothingAcknowledgedIsLost, operation, $"was shown {told} instead");
                if (!recount.Reservations.TryGetValue(told.Sequence, out var stored))
                {
                    findings.Add(Promise.NothingAcknowledgedIsLost, operation, $"was shown {told}, and there is no such reservation");
                    continue;
                }
                var owner = told.MemberId ?? operation.Call.MemberId;
                findings.Require(owner == stored.Owner && told.Quantity == stored.Quantity && IsStored(told, stored),
                    Promise.NothingAcknowledgedIsLost, operation,
                    $"was shown {told} of {owner}, and the journal has {stored.Quantity} tickets of {stored.Owner}, last {stored.State}");
                causes.ToldTo(told.Sequence, operation);
            }
        }
    }

    /// <summary>It was so at some moment. A hold that ends is expired before the journal says so.</summary>
    private static bool IsStored(ToldReservation told, StoredReservation stored) => told.Status switch
    {
        "CONFIRMED" => stored.WasConfirmedAtOnce || stored.ConfirmedAt != 0,
        "CANCELLED" => stored.CancelledAt != 0,
        "HELD" or "EXPIRED" => !stored.WasConfirmedAtOnce,
        _ => false,
    };
}

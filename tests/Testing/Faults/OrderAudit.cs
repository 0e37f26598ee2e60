namespace BoxOffice.Testing.Faults;

/// <summary>
/// Real time: an entry of which somebody was told before a call was sent stands before that call's own entry. Exact, without
/// any clock but the clients'. A call that was repeated counts from its first sending until its first answer.
/// </summary>
internal static class OrderAudit
{
    public static void Check(Recount recount, Causes causes, Findings findings)
    {
        Operation? toldFirst = null;
        var toldOf = 0L;
        for (var i = recount.Entries.Count - 1; i >= 0; i--)
        {
            var entry = recount.Entries[i];
            if (causes.FirstSent[i] is { } sent && toldFirst?.CompletedAt < sent.InvokedAt)
            {
                findings.Add(Promise.RealTimeOrder, entry,
                    $"it was asked for by {sent}, after {toldFirst} had been told of sequence {toldOf}");
            }
            if (causes.FirstTold[i] is { } told && (toldFirst is null || told.CompletedAt < toldFirst.CompletedAt))
                (toldFirst, toldOf) = (told, entry.Sequence);
        }
    }
}

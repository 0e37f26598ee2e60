namespace BoxOffice.Testing.Faults;

/// <summary>
/// Real-time order: an entry that an answer reported before a call was sent precedes the entry of that call. Exact:
/// uses only the clients' clock. A repeated call counts from its first sending to its first answer.
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

namespace BoxOffice.Testing.Faults;

/// <summary>
/// Checks the journal's times. An entry is decided after the first call was sent that may have caused it or an earlier
/// entry, and before the first answer that reported it or a later entry. Holds end by these times, so a hold's length
/// is correct to twice the error.
/// </summary>
internal static class MomentAudit
{
    public static void Check(Recount recount, Causes causes, History history, AuditOptions options, Findings findings)
    {
        if (options.ClockErrorMax is not { } errorMax) return;
        var entries = recount.Entries;
        var told = new TimeSpan[entries.Count];
        for (var (i, first) = (entries.Count - 1, TimeSpan.MaxValue - errorMax); i >= 0; i--)
        {
            if (causes.FirstTold[i]?.CompletedAt is { } completedAt && completedAt < first) first = completedAt;
            told[i] = first;
        }
        var sent = TimeSpan.MinValue + errorMax;
        for (var i = 0; i < entries.Count; i++)
        {
            if (causes.FirstSent[i]?.InvokedAt is { } invokedAt && invokedAt > sent) sent = invokedAt;
            var decidedAt = entries[i].DecidedAt - history.StartedAt;
            findings.Require(
                decidedAt >= sent - errorMax && decidedAt <= told[i] + errorMax, Promise.HoldsEndOnTime, entries[i],
                $"it is dated {decidedAt.TotalSeconds:F3} s, and was decided between {sent.TotalSeconds:F3} s and "
                + $"{told[i].TotalSeconds:F3} s");
        }
    }
}

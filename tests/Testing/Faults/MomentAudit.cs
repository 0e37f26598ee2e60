namespace BoxOffice.Testing.Faults;

/// <summary>
/// Are the journal's times true? An entry was not decided before a call that may have caused it, or an entry before it, was sent, and not
/// after somebody was told of it, or of an entry after it. Every hold ends by these times, so a hold's length is right to twice the error.
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
            findings.Require(decidedAt >= sent - errorMax && decidedAt <= told[i] + errorMax, Promise.HoldsEndOnTime, entries[i],
                $"it is dated {decidedAt.TotalSeconds:F3} s, and was decided between {sent.TotalSeconds:F3} s and {told[i].TotalSeconds:F3} s");
        }
    }
}

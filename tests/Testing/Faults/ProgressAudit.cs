namespace BoxOffice.Testing.Faults;

/// <summary>
/// When the trouble is over: most calls are decided, and whoever could repeat a call has an answer in the end. A reserve
/// call without a key cannot be repeated, so its doubt may stay. Says nothing about a history without calls after healing.
/// </summary>
internal static class ProgressAudit
{
    /// <summary>Judges the calls on one event, given in the order of sending.</summary>
    public static void Check(IReadOnlyList<Operation> operations, AuditOptions options, Findings findings)
    {
        var healed = operations.Where(one => one.Call.Phase == Phase.Healed).ToList();
        if (healed.Count == 0) return;
        var decided = healed.Count(one => one.IsDecided());
        if (decided < options.HealedShareMin * healed.Count)
        {
            var codes = healed.Where(one => !one.IsDecided()).CountBy(one => one.Answer?.Code ?? "no answer");
            findings.Add(Promise.Progress, "", 0, $"only {decided} of {healed.Count} calls after healing were decided; "
                + string.Join(", ", codes.Select(code => $"{code.Value} × {code.Key}")));
        }

        var repeatable = operations.Where(one => one.Call.Verb is Verb.Confirm or Verb.Cancel || one.Call.Key is not null);
        foreach (var same in repeatable.GroupBy(one => (one.Call.Verb, one.Call.MemberId, one.Call.Key, one.Call.Sequence, one.Call.Quantity)))
        {
            var last = same.Last();
            findings.Require(last.IsDecided() || same.Any(one => one.IsOk), Promise.Progress, last, $"never got an answer");
        }
    }
}

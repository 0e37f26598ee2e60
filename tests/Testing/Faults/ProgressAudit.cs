namespace BoxOffice.Testing.Faults;

/// <summary>
/// After healing, most calls are decided, and every repeatable call gets an answer in the end. A reserve call without a
/// key cannot be repeated, so its outcome may stay unknown. Checks nothing in a history without calls after healing.
/// </summary>
internal static class ProgressAudit
{
    /// <summary>Checks the calls on one event, given in the order of sending.</summary>
    public static void Check(IReadOnlyList<Operation> operations, AuditOptions options, Findings findings)
    {
        var healed = operations.Where(operation => operation.Call.Phase == Phase.Healed).ToList();
        if (healed.Count == 0) return;
        var decided = healed.Count(operation => operation.IsDecided());
        if (decided < options.HealedShareMin * healed.Count)
        {
            var codes = healed.Where(operation => !operation.IsDecided())
                .CountBy(operation => operation.Answer?.Code ?? "no answer");
            findings.Add(Promise.Progress, "", 0, $"only {decided} of {healed.Count} calls after healing were decided; "
                + string.Join(", ", codes.Select(code => $"{code.Value} × {code.Key}")));
        }

        var repeatable = operations
            .Where(operation => operation.Call.Verb is Verb.Confirm or Verb.Cancel || operation.Call.Key is not null)
            .GroupBy(operation => operation.Call with { Phase = Phase.Sale, FrontEnd = null });
        foreach (var retries in repeatable)
        {
            var last = retries.Last();
            var hasAnswer = last.IsDecided() || retries.Any(repeat => repeat.IsOk);
            findings.Require(hasAnswer, Promise.Progress, last, $"never got an answer");
        }
    }
}

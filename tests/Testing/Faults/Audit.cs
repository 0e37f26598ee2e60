namespace BoxOffice.Testing.Faults;

/// <summary>
/// Checks a history against the journals: were the promises kept? Passing means that the journal's order explains every
/// accepted call, within the limits of <see cref="Timeline"/>. O(n log n). Shares no code with what it audits.
/// </summary>
public static class Audit
{
    /// <summary>
    /// Audits every event that has a journal. An accepted call on any other event counts as lost.
    /// </summary>
    public static Verdict Check(History history, params IReadOnlyList<StoredJournal> journals) =>
        Check(history, journals, new());

    /// <inheritdoc cref="Check(History, IReadOnlyList{StoredJournal})"/>
    public static Verdict Check(History history, IReadOnlyList<StoredJournal> journals, AuditOptions options)
    {
        var operations = history.Operations;
        var byEvent = operations.ToLookup(operation => operation.Call.EventId, StringComparer.Ordinal);
        var known = journals.Select(journal => journal.EventId).ToHashSet(StringComparer.Ordinal);
        var withoutJournal = byEvent.Where(calls => !known.Contains(calls.Key))
            .Select(calls => new StoredJournal(calls.Key, []));
        var violations = journals.Concat(withoutJournal)
            .SelectMany(journal => CheckOne(history, [.. byEvent[journal.EventId]], journal, options));

        return new([.. violations], new(
            operations.Length,
            operations.Count(operation => operation.IsOk),
            operations.Count(operation => operation.IsRefused),
            operations.Count(operation => operation.Outcome == Outcome.Unknown),
            journals.Sum(journal => journal.Entries.Count)));
    }

    /// <summary>
    /// Makes the outcome of every answered call unknown that was sent before a moment.
    /// </summary>
    private static Operation[] Forget(Operation[] operations, TimeSpan moment) =>
        [
            .. operations.Select(operation => operation.InvokedAt < moment && operation.Answer is not null
                ? operation with { Answer = new(Outcome.Unknown, Code: "FORGOTTEN") }
                : operation),
        ];

    private static List<Violation> CheckOne(
        History history, Operation[] told, StoredJournal journal, AuditOptions options)
    {
        var operations = options.ForgetsUntil is { } moment ? Forget(told, moment) : told;
        var findings = new Findings(journal.EventId);
        var recount = Recount.Of(journal, findings);
        var causes = new Causes(recount.Entries);
        var byVerb = operations.ToLookup(operation => operation.Call.Verb);
        var reserves = byVerb[Verb.Reserve].ToList();
        new ReserveAudit(recount, causes, findings).Check(reserves);
        new TransitionAudit(recount, causes, findings).Check(
            [.. operations.Where(operation => operation.Call.Verb is Verb.Confirm or Verb.Cancel or Verb.Find)]);
        IReadOnlyList<Operation> lists =
            [.. operations.Where(operation => operation.Call.Verb is Verb.Mine or Verb.Export or Verb.Find)];
        ListAudit.Check(recount, causes, lists, findings);
        OrderAudit.Check(recount, causes, findings);
        MomentAudit.Check(recount, causes, history, options, findings);
        var timeline = new Timeline(recount, causes, history, options);
        var refusals = new RefusalAudit(recount, timeline, findings);
        foreach (var refused in reserves.Where(reserve => reserve.IsRefused)) refusals.Check(refused);
        new NumbersAudit(recount, timeline, findings).Check([.. byVerb[Verb.Status]]);
        ProgressAudit.Check(told, options, findings);
        return findings.Violations;
    }
}

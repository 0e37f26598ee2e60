namespace BoxOffice.Testing.Faults;

/// <summary>
/// Holds a history against the journals: were the promises kept? Passing means that the journal's order is a witness for
/// every accepted call, up to the limits that <see cref="Timeline"/> states. O(n log n); shares no code with what it audits.
/// </summary>
public static class Audit
{
    /// <summary>Audits every event of which there is a journal. A call on another event that was accepted is lost.</summary>
    public static Verdict Check(History history, params IReadOnlyList<StoredJournal> journals) => Check(history, journals, new());

    /// <inheritdoc cref="Check(History, IReadOnlyList{StoredJournal})"/>
    public static Verdict Check(History history, IReadOnlyList<StoredJournal> journals, AuditOptions options)
    {
        var operations = history.Operations;
        var byEvent = operations.ToLookup(one => one.Call.EventId, StringComparer.Ordinal);
        var known = journals.Select(journal => journal.EventId).ToHashSet(StringComparer.Ordinal);
        var strangers = byEvent.Where(calls => !known.Contains(calls.Key)).Select(calls => new StoredJournal(calls.Key, []));
        var violations = journals.Concat(strangers)
            .SelectMany(journal => CheckOne(history, [.. byEvent[journal.EventId]], journal, options));

        return new([.. violations], new(
            operations.Length,
            operations.Count(one => one.IsOk),
            operations.Count(one => one.IsRefused),
            operations.Count(one => one.Outcome == Outcome.Unknown),
            journals.Sum(journal => journal.Entries.Count)));
    }

    /// <summary>Of what was told to calls that were sent before a moment, nothing is known any more: it may have happened or not.</summary>
    private static Operation[] Forget(Operation[] operations, TimeSpan moment) =>
        [.. operations.Select(one => one.InvokedAt < moment && one.Answer is not null ? one with { Answer = new(Outcome.Unknown, Code: "FORGOTTEN") } : one)];

    private static List<Violation> CheckOne(History history, Operation[] told, StoredJournal journal, AuditOptions options)
    {
        var operations = options.ForgetsUntil is { } moment ? Forget(told, moment) : told;
        var findings = new Findings(journal.EventId);
        var recount = Recount.Of(journal, findings);
        var causes = new Causes(recount.Entries);
        var reserves = operations.Where(one => one.Call.Verb == Verb.Reserve).ToList();
        new ReserveAudit(recount, causes, findings).Check(reserves);
        new TransitionAudit(recount, causes, findings).Check([.. operations.Where(one => one.Call.Verb is Verb.Confirm or Verb.Cancel or Verb.Find)]);

        ListAudit.Check(recount, causes, [.. operations.Where(one => one.Call.Verb is Verb.Mine or Verb.Export or Verb.Find)], findings);

        OrderAudit.Check(recount, causes, findings);
        MomentAudit.Check(recount, causes, history, options, findings);
        var timeline = new Timeline(recount, causes, history, options);
        var refusals = new RefusalAudit(recount, timeline, findings);
        foreach (var refused in reserves.Where(one => one.IsRefused)) refusals.Check(refused);
        new NumbersAudit(recount, timeline, findings).Check([.. operations.Where(one => one.Call.Verb == Verb.Status)]);
        ProgressAudit.Check(told, options, findings);
        return findings.Violations;
    }
}

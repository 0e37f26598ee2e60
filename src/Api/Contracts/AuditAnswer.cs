namespace BoxOffice.Api.Contracts;

/// <summary>An entry of the audit log: what an operator did, or tried.</summary>
/// <param name="Id">Later entries have higher ids; some numbers may be missing.</param>
/// <param name="At">When it began.</param>
/// <param name="Actor">The operator's or member's id; empty when it is not known.</param>
/// <param name="Action">What was asked for, such as PAUSE_EVENT.</param>
/// <param name="Target">The event, member or rehearsal; empty for none.</param>
/// <param name="Address">The caller's network address.</param>
/// <param name="Outcome">
/// DONE, or the code of the problem. Null while it is under way, or when its end could not be recorded.
/// </param>
/// <param name="Detail">What was asked for, by field; `count` says how often the same was refused.</param>
public sealed record AuditAnswer(
    long Id,
    DateTimeOffset At,
    string Actor,
    string Action,
    string Target,
    string Address,
    string? Outcome,
    IReadOnlyDictionary<string, string> Detail)
{
    /// <summary>From the log.</summary>
    public static AuditAnswer Of(AuditEntry entry) => new(
        entry.Id, entry.At, entry.Actor, entry.Action, entry.Target, entry.Address, entry.Outcome,
        AuditText.Read(entry.Detail));
}

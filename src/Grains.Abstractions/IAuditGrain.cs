namespace BoxOffice;

/// <summary>
/// The audit log: which operator did what, when and from where. Records are only added. Stateless: its key has no
/// meaning.
/// </summary>
[Alias("BoxOffice.IAuditGrain")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Stores a record, before it answers. A repeated call stores nothing more: it may be retried when in doubt.
    /// </summary>
    [Alias("Append")]
    Task Append(AuditRecord record);

    /// <summary>A page of the log.</summary>
    [Alias("Read")]
    Task<AuditEntry[]> Read(AuditQuery query);
}

/// <summary>
/// The beginning or the end of what an operator did. What was refused before it began has a beginning only, with an
/// outcome.
/// </summary>
/// <param name="CallId">Names the call: its beginning and its end have the same.</param>
/// <param name="IsEnd">True for the end.</param>
/// <param name="Actor">The operator's id; empty when it is not known.</param>
/// <param name="Action">What was asked for, in upper snake case.</param>
/// <param name="Target">The event, member or rehearsal; empty for none.</param>
/// <param name="Address">The caller's network address.</param>
/// <param name="Outcome">DONE, or the code of the problem; null at the beginning.</param>
/// <param name="Detail">A JSON object whose values are strings; null for none.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.AuditRecord")]
public sealed record AuditRecord(
    [property: Id(0)] string CallId,
    [property: Id(1)] bool IsEnd,
    [property: Id(2)] string Actor,
    [property: Id(3)] string Action,
    [property: Id(4)] string Target,
    [property: Id(5)] string Address,
    [property: Id(6)] string? Outcome,
    [property: Id(7)] string? Detail)
{
    /// <summary>
    /// The longest <see cref="Actor"/>, <see cref="Action"/>, <see cref="Target"/>, <see cref="Address"/> and <see
    /// cref="Outcome"/>, in characters: twice the longest id.
    /// </summary>
    public const int TextLengthMax = 128;

    /// <summary>The longest <see cref="Detail"/>, in characters: all terms of an event fit.</summary>
    public const int DetailLengthMax = 4_000;
}

/// <summary>Which part of the log to read.</summary>
/// <param name="After">The id of the last entry of the page before; 0 for the first page.</param>
/// <param name="Actor">Only of this actor; empty for all.</param>
/// <param name="Action">Only this action; empty for all.</param>
/// <param name="CountMax">1 to <see cref="CountLimit"/>.</param>
/// <param name="IsOldestFirst">Else the newest comes first.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.AuditQuery")]
public sealed record AuditQuery(
    [property: Id(0)] long After,
    [property: Id(1)] string Actor,
    [property: Id(2)] string Action,
    [property: Id(3)] int CountMax,
    [property: Id(4)] bool IsOldestFirst)
{
    /// <summary>Most entries in one page.</summary>
    public const int CountLimit = 1_000;
}

/// <summary>What an operator did, as it was recorded.</summary>
/// <param name="Id">Later entries have higher ids; some numbers may be missing.</param>
/// <param name="At">When it began, by the database's clock.</param>
/// <param name="Actor">As in <see cref="AuditRecord"/>, like the following.</param>
/// <param name="Action">What was asked for.</param>
/// <param name="Target">The event, member or rehearsal.</param>
/// <param name="Address">The caller's network address.</param>
/// <param name="Outcome">Null when it is under way, or how it ended was not recorded.</param>
/// <param name="Detail">A JSON object whose values are strings.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.AuditEntry")]
public sealed record AuditEntry(
    [property: Id(0)] long Id,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] string Actor,
    [property: Id(3)] string Action,
    [property: Id(4)] string Target,
    [property: Id(5)] string Address,
    [property: Id(6)] string? Outcome,
    [property: Id(7)] string? Detail);

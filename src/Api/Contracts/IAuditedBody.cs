namespace BoxOffice.Api.Contracts;

/// <summary>
/// A request's body of which the audit log records a part. Others are not recorded: they may have passwords.
/// </summary>
internal interface IAuditedBody
{
    /// <summary>What it is about, when the path does not say so.</summary>
    string? Target => null;

    /// <summary>Its fields, without secrets. Those that are null are left out.</summary>
    IEnumerable<KeyValuePair<string, string?>> Detail { get; }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Rehearsal;

/// <summary>To rehearse an event.</summary>
public sealed class RehearseEvent : IAuditedBody
{
    /// <summary>How many buyers come.</summary>
    [Required]
    public int Buyers { get; set; }

    /// <summary>The time within which they come; 0 is all at once. Absent or null: 10.</summary>
    public int? RampSeconds { get; set; }

    /// <summary>How long each retries. Absent or null: 30.</summary>
    public int? PatienceSeconds { get; set; }

    /// <summary>Tickets that each wants. Absent or null: 1.</summary>
    public int? Quantity { get; set; }

    /// <summary>The order asked for.</summary>
    public RehearsalOrder ToOrder() => new(Buyers, RampSeconds ?? 10, PatienceSeconds ?? 30, Quantity ?? 1);

    IEnumerable<KeyValuePair<string, string?>> IAuditedBody.Detail =>
    [
        AuditedTerms.Field("buyers", Buyers), AuditedTerms.Field("rampSeconds", RampSeconds),
        AuditedTerms.Field("patienceSeconds", PatienceSeconds), AuditedTerms.Field("quantity", Quantity),
    ];
}

/// <summary>A rehearsal; in a list without its report.</summary>
public sealed record RehearsalAnswer(
    string Id,
    string EventId,
    string EventName,
    int Capacity,
    int MaxPerMember,
    int HoldSeconds,
    RehearsalOrder Order,
    [property: JsonConverter(typeof(UpperCaseEnumConverter<RehearsalState>))] RehearsalState State,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string? Problem,
    RehearsalProgress Progress,
    bool HasReport,
    RehearsalReport? Report)
{
    /// <summary>From the cluster's record.</summary>
    public static RehearsalAnswer Of(RehearsalStatus status) => new(
        status.Id, status.EventId, status.Terms.Name, status.Terms.Capacity, status.Terms.MaxPerMember,
        status.Terms.HoldSeconds, status.Order, status.State, status.StartedAt, status.EndedAt, status.Problem,
        status.Progress, status.HasReport, ReportOf(status.Report));

    private static RehearsalReport? ReportOf(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, RehearsalJson.Default.RehearsalReport);
}

/// <summary>The last rehearsals, the newest first.</summary>
public sealed record RehearsalsAnswer(RehearsalAnswer[] Rehearsals);

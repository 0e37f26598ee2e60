using System.Text.Json;
using System.Text.Json.Serialization;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Rehearsal;

/// <summary>To rehearse an event.</summary>
public sealed class RehearseEvent
{
    /// <summary>How many buyers come.</summary>
    public int Buyers { get; set; }

    /// <summary>The time within which they come; 0 is all at once.</summary>
    public int RampSeconds { get; set; } = 10;

    /// <summary>How long each retries.</summary>
    public int PatienceSeconds { get; set; } = 30;

    /// <summary>Tickets that each wants.</summary>
    public int Quantity { get; set; } = 1;

    /// <summary>The order asked for.</summary>
    public RehearsalOrder ToOrder() => new(Buyers, RampSeconds, PatienceSeconds, Quantity);
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

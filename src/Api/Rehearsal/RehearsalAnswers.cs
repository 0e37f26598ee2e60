using System.Text.Json;
using System.Text.Json.Serialization;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Rehearsal;

/// <summary>To rehearse an event.</summary>
public sealed class RehearseEvent
{
    /// <summary>How many buyers come.</summary>
    public int Buyers { get; set; }

    /// <summary>Within which time; 0 is all at once.</summary>
    public int RampSeconds { get; set; } = 10;

    /// <summary>How long each goes on asking.</summary>
    public int PatienceSeconds { get; set; } = 30;

    /// <summary>Tickets that each asks for.</summary>
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
    /// <summary>From what the cluster knows.</summary>
    public static RehearsalAnswer Of(RehearsalStatus one) => new(
        one.Id, one.EventId, one.Terms.Name, one.Terms.Capacity, one.Terms.MaxPerMember, one.Terms.HoldSeconds, one.Order, one.State,
        one.StartedAt, one.EndedAt, one.Problem, one.Progress, one.HasReport,
        one.Report is null ? null : JsonSerializer.Deserialize(one.Report, RehearsalJson.Default.RehearsalReport));
}

/// <summary>The last rehearsals, the newest first.</summary>
public sealed record RehearsalsAnswer(RehearsalAnswer[] Rehearsals);

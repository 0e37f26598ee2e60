using System.Globalization;
using System.Text.Json.Serialization;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Rehearsal;

/// <summary>Where most of the time went, or what went wrong first.</summary>
[JsonConverter(typeof(UpperCaseEnumConverter<BottleneckPlace>))]
public enum BottleneckPlace
{
    /// <summary>In the front-end.</summary>
    Edge = 1,

    /// <summary>Before the event's turn.</summary>
    Queue = 2,

    /// <summary>In the event's turn.</summary>
    Turn = 3,

    /// <summary>Until it was durable.</summary>
    Store = 4,

    /// <summary>Before the front-end's first line, and behind its last.</summary>
    Outside = 5,

    /// <summary>Calls were not answered at all.</summary>
    Connections = 6,

    /// <summary>All buyers were served at once.</summary>
    None = 7,
}

/// <summary>What a larger crowd would meet first.</summary>
/// <param name="Where">The place.</param>
/// <param name="Words">Its meaning and what to do, in sentences.</param>
public sealed record Bottleneck(BottleneckPlace Where, string Words)
{
    // A twentieth of a second feels immediate to a person. Below it, shares of the time say nothing about a limit.
    private const double AtOnceMs = 50;

    /// <summary>Finds the bottleneck; a pure function.</summary>
    internal static Bottleneck Of(BottleneckFigures figures)
    {
        var calls = figures.Broken + figures.TooLate + figures.Answered;
        if (figures.Broken > 0) return new(BottleneckPlace.Connections, Text($"""
            {figures.Broken:N0} of {calls:N0} calls found no connection, or lost it: neither a front-end nor a
            balancer answered them. Look at open files (ulimit -n) and net.core.somaxconn of the machines at the door,
            at the crowd's own machine, and at processes that ended meanwhile. More front-ends take more connections.
            """));
        if (figures.Answered == 0) return new(BottleneckPlace.Connections, Text($"""
            No call was answered before the buyer's patience ended. Look whether the front-ends are ready (/health) and
            whether silos and database answer.
            """));
        if (figures.P99Ms < AtOnceMs && figures.Left == 0) return new(BottleneckPlace.None, Text($"""
            None that this crowd could feel: 99 of 100 buyers had their final answer within {figures.P99Ms:0.#} ms. A
            larger crowd, or a shorter ramp, would show more.
            """));
        var total = figures.Stages[^1];
        var call = total.MeanMs + figures.OutsideMs;
        if (figures.OutsideMs * 2 > call || figures.Dominant is null) return new(BottleneckPlace.Outside, Text($"""
            {Percent(figures.OutsideMs, call)} of a call's {call:N0} ms went by outside the front-ends: in the network,
            in the balancer, in the queue of connections that wait to be accepted, or in the crowd itself.
            {figures.LateMs:N0} ms of it had passed before the crowd came to call. A crowd that shares its machine with
            the servers takes their processor time, and then this is more than real buyers would wait;
            BoxOffice__RehearsalUrl can lead it elsewhere. Else more processor time at the door comes first.
            """));
        var stage = figures.Stages.First(candidate => candidate.Stage == figures.Dominant);
        return new(PlaceOf(stage.Stage), Text($"""
            {Percent(stage.MeanMs, call)} of a call's {call:N0} ms went by {MeaningOf(stage.Stage)}
            (p99 {stage.P99Ms:N0} ms). {RemedyOf(stage.Stage)}
            """));
    }

    private static BottleneckPlace PlaceOf(string stage) => Enum.Parse<BottleneckPlace>(stage, ignoreCase: true);

    private static string MeaningOf(string stage) => stage switch
    {
        "edge" => "in the front-ends themselves",
        "queue" => "waiting for the event's turn",
        "turn" => "in the event's turn, where it decides",
        _ => "until the decision was durable",
    };

    private static string RemedyOf(string stage) => stage switch
    {
        "edge" => "They are short of processor time: add front-ends, or cores.",
        "queue" => "More came in a moment than one event takes. It lives in one silo, so its silo needs a faster or a "
            + "freer core; more silos do not make one event faster. A queue that empties by itself is what a rush "
            + "looks like.",
        "turn" => "Its silo is short of processor time: free its core, or give it a faster one.",
        _ => "The database is the slow part: look at its commits, which wait for the disk or for a synchronous "
            + "standby, and at what else uses the disk.",
    };

    private static string Percent(double part, double all) =>
        (part / Math.Max(all, double.Epsilon)).ToString("0 %", CultureInfo.InvariantCulture);

    /// <summary>Joins the source's lines to one.</summary>
    private static string Text(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings(" ");
}

/// <summary>The figures to find a bottleneck from.</summary>
/// <param name="Stages">Of the front-ends together; the last is the total.</param>
/// <param name="Dominant">The stage with most of the time; null when no call reached a front-end.</param>
/// <param name="OutsideMs">Mean time that an answered call spent outside the front-end.</param>
/// <param name="LateMs">The mean part of it that had passed when the crowd sent the call.</param>
/// <param name="P99Ms">Of buyers, to their final answer.</param>
/// <param name="Broken">Calls whose connection was refused, broke or could not be made.</param>
/// <param name="TooLate">Calls whose answer did not come before the buyer's patience ended.</param>
/// <param name="Answered">Calls with an answer.</param>
/// <param name="Left">Buyers who gave up or failed.</param>
internal sealed record BottleneckFigures(
    StageAnswer[] Stages, string? Dominant, double OutsideMs, double LateMs, double P99Ms, int Broken, int TooLate,
    long Answered, int Left);

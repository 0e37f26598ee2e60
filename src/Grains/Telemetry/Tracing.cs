using System.Diagnostics;

namespace BoxOffice.Grains.Telemetry;

/// <summary>
/// Traces of what is done once for many callers: a batch goes on in the trace of the first caller whose trace is kept, and is
/// linked to the others. When nobody's is, as almost always, there is nothing to do.
/// </summary>
public static class Tracing
{
    /// <summary>The name of our source of traces.</summary>
    public const string SourceName = "BoxOffice";

    /// <summary>The span of a request at a front-end, before it has its own name. It may begin a trace.</summary>
    public const string RequestName = "request";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Who calls, when that call's trace is kept; else null.</summary>
    public static Activity? Caller => Source.HasListeners() && Activity.Current is { Recorded: true } caller ? caller : null;

    /// <summary>
    /// Begins what is done for these callers; null when none of their traces is kept. What is done next belongs to it, and not to
    /// whoever happened to be the first.
    /// </summary>
    public static Activity? Begin(string name, IEnumerable<Activity?> callers, ActivityKind kind = ActivityKind.Internal)
    {
        Activity.Current = null;
        if (!Source.HasListeners()) return null;
        var kept = callers.OfType<Activity>().ToList();
        return kept.Count == 0
            ? null
            : Source.StartActivity(name, kind, kept[0].Context, links: kept.Skip(1).Select(caller => new ActivityLink(caller.Context)));
    }
}

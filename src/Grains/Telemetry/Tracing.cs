using System.Diagnostics;

namespace BoxOffice.Grains.Telemetry;

/// <summary>
/// Traces work that is done once for many callers: a batch continues the trace of the first caller whose trace is kept,
/// and is linked to the others. When none is kept, as almost always, nothing is traced.
/// </summary>
public static class Tracing
{
    /// <summary>The name of our source of traces.</summary>
    public const string SourceName = "BoxOffice";

    /// <summary>The span of a request at a front-end, before it has its own name. It may start a trace.</summary>
    public const string RequestName = "request";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The caller's activity when its trace is kept; else null.</summary>
    public static Activity? Caller =>
        Source.HasListeners() && Activity.Current is { Recorded: true } caller ? caller : null;

    /// <summary>
    /// Starts an activity for these callers; null when none of their traces is kept. Work that follows belongs to it,
    /// and not to the caller that happened to be first.
    /// </summary>
    public static Activity? Begin(
        string name, IEnumerable<Activity?> callers, ActivityKind kind = ActivityKind.Internal)
    {
        Activity.Current = null;
        if (!Source.HasListeners()) return null;
        var kept = callers.OfType<Activity>().ToList();
        if (kept.Count == 0) return null;
        var links = kept.Skip(1).Select(caller => new ActivityLink(caller.Context));
        return Source.StartActivity(name, kind, kept[0].Context, links: links);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace BoxOffice.Testing.Faults;

/// <summary>Chooses a front-end for each call. Skips one for 0.5 s after a failed connection.</summary>
internal sealed class FrontEndChoice(Func<IReadOnlyList<Uri>> addresses)
{
    private static readonly TimeSpan SkippedFor = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Uri, long> _unreachableSince = [];

    /// <summary>Any front-end, except <paramref name="last"/> when there is another.</summary>
    public Uri Next(Random random, Uri? last = null)
    {
        var all = addresses();
        var others = all.Where(frontEnd => frontEnd != last && IsReachable(frontEnd)).ToList();
        var choice = others.Count > 0 ? others : all;
        return choice[random.Next(choice.Count)];
    }

    /// <summary>Records whether the front-end was reachable. Must be called for every answer.</summary>
    public void Record(Uri frontEnd, Operation operation)
    {
        if (operation.Answer?.Code == RefusalCodes.NotConnected) _unreachableSince[frontEnd] = Stopwatch.GetTimestamp();
        else _unreachableSince.TryRemove(frontEnd, out _);
    }

    private bool IsReachable(Uri frontEnd) =>
        !_unreachableSince.TryGetValue(frontEnd, out var since) || Stopwatch.GetElapsedTime(since) > SkippedFor;
}

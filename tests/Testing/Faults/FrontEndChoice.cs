using System.Collections.Concurrent;
using System.Diagnostics;

namespace BoxOffice.Testing.Faults;

/// <summary>Chooses a front-end for each call, and passes over one that could not be reached a moment ago.</summary>
internal sealed class FrontEndChoice(Func<IReadOnlyList<Uri>> addresses)
{
    private static readonly TimeSpan PassedOver = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Uri, long> _unreachableSince = [];

    /// <summary>Any front-end but <paramref name="last"/>, as far as there is another.</summary>
    public Uri Next(Random random, Uri? last = null)
    {
        var all = addresses();
        var others = all.Where(one => one != last && IsReachable(one)).ToList();
        var choice = others.Count > 0 ? others : all;
        return choice[random.Next(choice.Count)];
    }

    /// <summary>To be told of every answer.</summary>
    public void Heed(Uri frontEnd, Operation operation)
    {
        if (operation.Answer?.Code == RefusalCodes.NotConnected) _unreachableSince[frontEnd] = Stopwatch.GetTimestamp();
        else _unreachableSince.TryRemove(frontEnd, out _);
    }

    private bool IsReachable(Uri frontEnd) =>
        !_unreachableSince.TryGetValue(frontEnd, out var since) || Stopwatch.GetElapsedTime(since) > PassedOver;
}

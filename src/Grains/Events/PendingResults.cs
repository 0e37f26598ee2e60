using System.Collections.Concurrent;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Results of a silo's events that were, or will be, too late for their message, by correlation id.
/// </summary>
/// <remarks>
/// They outlive <see cref="ReserveBatchGrain"/>, which Orleans deactivates whenever it is idle for a moment.
/// </remarks>
public sealed class PendingResults(TimeProvider time)
{
    /// <summary>How long a result is kept. A front-end that is alive asks for it at once.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, Task<BatchAnswer>> _kept = [];

    /// <summary>Keeps a result that is not complete yet.</summary>
    /// <returns>
    /// Its id. It is random: a front-end with an id of an earlier silo at this address must not get another's result.
    /// </returns>
    public long Keep(Task<BatchAnswer> result)
    {
        var id = Random.Shared.NextInt64();
        _kept[id] = result;
        _ = Task.Delay(KeptFor, time).ContinueWith(
            _ => _kept.TryRemove(id, out var _),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return id;
    }

    /// <summary>Removes and returns the result; null when the id is unknown, or no longer known.</summary>
    public Task<BatchAnswer>? Take(long id) => _kept.TryRemove(id, out var result) ? result : null;
}

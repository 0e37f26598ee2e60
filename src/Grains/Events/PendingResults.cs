using System.Collections.Concurrent;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Results of a silo's events that came, or will come, too late for their message, by correlation id.
/// </summary>
/// <remarks>
/// They outlive <see cref="ReserveBatchGrain"/>: Orleans ends it whenever it is idle for a moment, and makes another.
/// </remarks>
public sealed class PendingResults(TimeProvider time)
{
    /// <summary>
    /// How long a result is kept for a front-end that does not ask for it. One that lives has asked at once.
    /// </summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, Task<BatchAnswer>> _kept = [];

    /// <summary>Keeps a result that is to come.</summary>
    /// <returns>
    /// Its id. It is random: whoever asks for one of an earlier silo in this place must not get another's result.
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

    /// <summary>
    /// The result, when it comes; null when the id is not known, or not any more. It can be taken once.
    /// </summary>
    public Task<BatchAnswer>? Take(long id) => _kept.TryRemove(id, out var result) ? result : null;
}

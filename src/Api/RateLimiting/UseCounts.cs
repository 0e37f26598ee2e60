using System.Collections.Concurrent;

namespace BoxOffice.Api.RateLimiting;

/// <summary>How many of something each caller has at one time. Callers without any are not kept.</summary>
internal sealed class UseCounts
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Callers that have at least one.</summary>
    public int Callers => _counts.Count;

    /// <summary>Counts one more, until <see cref="Release"/>; false when the caller has as many as it may.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="most">At least 1.</param>
    public bool TryTake(string caller, int most)
    {
        while (true)
        {
            if (!_counts.TryGetValue(caller, out var count))
            {
                if (_counts.TryAdd(caller, 1)) return true;
            }
            else if (count >= most)
            {
                return false;
            }
            else if (_counts.TryUpdate(caller, count + 1, count))
            {
                return true;
            }
        }
    }

    /// <summary>Counts one less.</summary>
    public void Release(string caller)
    {
        while (_counts.TryGetValue(caller, out var count))
        {
            var isDone = count > 1
                ? _counts.TryUpdate(caller, count - 1, count)
                : _counts.TryRemove(new KeyValuePair<string, int>(caller, count));
            if (isDone) return;
        }
    }
}

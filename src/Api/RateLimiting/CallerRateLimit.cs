namespace BoxOffice.Api.RateLimiting;

/// <summary>
/// Limits each caller's calls: a burst, and a rate in the long run. It is the generic cell rate algorithm, a token
/// bucket kept as one number, the time at which the bucket is full again: a call costs one exchange in memory, and
/// nothing runs in the background, however many callers there are.
/// </summary>
/// <param name="perSecond">In the long run; at least 1.</param>
/// <param name="burst">At once; at least 1.</param>
/// <param name="time">The clock.</param>
/// <param name="places">How many callers are told apart: a power of two. Each takes eight bytes.</param>
internal sealed class CallerRateLimit(
    int perSecond, int burst, TimeProvider time, int places = CallerRateLimit.PlacesOfMembers)
{
    // Bounds the memory to eight megabytes. Two callers may share a place and its allowance, of which a caller that
    // never waits leaves the other little: of 9,000 buyers, 9 share one with one of 1,000 such callers. Which callers
    // share changes with each start, because string hashes are seeded.
    private const int PlacesOfMembers = 1 << 20;

    private readonly long[] _fullAt = new long[places];
    private readonly long _each = Math.Max(1, time.TimestampFrequency / perSecond);

    /// <summary>
    /// Counts a call. Zero when it is allowed; else the time after which it may be tried again.
    /// </summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="cost">The call counts as so many, at most as a burst.</param>
    public TimeSpan Take(string caller, int cost = 1)
    {
        cost = Math.Min(cost, burst);
        ref var place = ref _fullAt[string.GetHashCode(caller, StringComparison.Ordinal) & (_fullAt.Length - 1)];
        while (true)
        {
            var now = time.GetTimestamp();
            var seen = Volatile.Read(ref place);
            var fullAt = Math.Max(seen, now) + (_each * cost);
            var tooEarly = fullAt - now - (_each * burst);
            if (tooEarly > 0) return time.GetElapsedTime(0, tooEarly);
            if (Interlocked.CompareExchange(ref place, fullAt, seen) == seen) return TimeSpan.Zero;
        }
    }
}

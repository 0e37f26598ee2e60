namespace BoxOffice;

/// <summary>Counts durations in classes, from many threads at once.</summary>
/// <remarks>
/// A duration that is added while the histogram is read may be there in part. A class is counted in an
/// <see cref="int"/>: the histograms of one event's stages take 4 KB.
/// </remarks>
public sealed class DurationHistogram(DurationClasses classes)
{
    private readonly int[] _counts = new int[classes.Count];
    private long _sum;
    private long _max;

    /// <summary>How many were added.</summary>
    public long Count => _counts.Sum(count => (long)count);

    /// <summary>Of all of them, in microseconds.</summary>
    public long Sum => Interlocked.Read(ref _sum);

    /// <summary>The longest, in microseconds.</summary>
    public long Max => Interlocked.Read(ref _max);

    /// <summary>How many each class has.</summary>
    public long[] Counts => Array.ConvertAll(_counts, count => (long)count);

    /// <summary>Adds a duration. A negative one counts as 0.</summary>
    public void Add(long microseconds)
    {
        microseconds = Math.Max(0, microseconds);
        Interlocked.Increment(ref _counts[classes.ClassOf(microseconds)]);
        Interlocked.Add(ref _sum, microseconds);
        Raise(ref _max, microseconds);
    }

    /// <summary>Adds the durations of another histogram with the same classes.</summary>
    public void Add(ReadOnlySpan<long> counts, long sum, long max)
    {
        for (var i = 0; i < counts.Length; i++) Interlocked.Add(ref _counts[i], (int)counts[i]);
        Interlocked.Add(ref _sum, sum);
        Raise(ref _max, max);
    }

    /// <summary>The percentile, in microseconds; 0 without durations.</summary>
    public double Percentile(double percent) => classes.Percentile(Counts, 0, Max, percent);

    /// <summary>Sets a maximum to a value, unless it is larger already.</summary>
    public static void Raise(ref long max, long value)
    {
        var seen = Volatile.Read(ref max);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref max, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}

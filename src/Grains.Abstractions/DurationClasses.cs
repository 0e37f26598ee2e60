using System.Numerics;

namespace BoxOffice;

/// <summary>
/// Classes of durations in microseconds, for histograms: each doubling has the same number of classes, so that a
/// percentile is off by a constant part at most. The shortest durations have a class for each microsecond.
/// </summary>
/// <param name="stepBits">Each doubling has 2 to this power of classes: 3 is off by 12.5 % at most, 6 by 1.6 %.</param>
/// <param name="log">The last doubling begins at 2 to this power; its last class has all that is longer.</param>
public sealed class DurationClasses(int stepBits, int log)
{
    /// <summary>Classes in all.</summary>
    public int Count => (log - stepBits + 2) << stepBits;

    /// <summary>The class of a duration, from 0.</summary>
    public int ClassOf(long microseconds)
    {
        if (microseconds < 1 << stepBits) return (int)Math.Max(0, microseconds);
        var doubling = BitOperations.Log2((ulong)microseconds);
        if (doubling > log) return Count - 1;
        return ((doubling - stepBits) << stepBits) + (int)(microseconds >> (doubling - stepBits));
    }

    /// <summary>The shortest duration of a class, in microseconds.</summary>
    public long BeginningOf(int @class)
    {
        var doubling = @class >> stepBits;
        if (doubling == 0) return @class;
        return (long)((1 << stepBits) + (@class & ((1 << stepBits) - 1))) << (doubling - 1);
    }

    /// <summary>
    /// The percentile, in microseconds; 0 without durations. Those of one class are taken as spread evenly over it.
    /// </summary>
    /// <param name="counts">How many durations each class has.</param>
    /// <param name="first">The class of the first of them.</param>
    /// <param name="max">The longest duration.</param>
    /// <param name="percent">0 to 100.</param>
    public double Percentile(ReadOnlySpan<long> counts, int first, long max, double percent)
    {
        var count = 0L;
        foreach (var ofClass in counts) count += ofClass;
        var rank = Math.Max(1, Math.Ceiling(count * percent / 100));
        var before = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            if (before + counts[i] >= rank)
            {
                var (shortest, longest) = (BeginningOf(first + i), BeginningOf(first + i + 1) - 1);
                return Math.Min(max, shortest + ((longest - shortest) * (rank - before) / counts[i]));
            }
            before += counts[i];
        }
        return 0;
    }
}

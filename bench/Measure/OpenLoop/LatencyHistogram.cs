using System.Numerics;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>
/// How often an answer took how long, in microseconds. Below 64 exact, above it within 1.6 %: each doubling has 64 steps.
/// Constant in size, and two of them add up.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;
    private const int Doublings = 30; // more than ten hours

    private readonly long[] _counts = new long[Steps * Doublings];

    public long Count { get; private set; }

    /// <summary>The longest, exactly.</summary>
    public long Longest { get; private set; }

    /// <summary>The sum of all, exactly.</summary>
    public long Sum { get; private set; }

    /// <summary>Of each step, without the zeros after the last.</summary>
    public long[] Counts => _counts[..(Array.FindLastIndex(_counts, count => count > 0) + 1)];

    public void Add(long microseconds)
    {
        var value = Math.Max(0, microseconds);
        _counts[Math.Min(StepOf(value), _counts.Length - 1)]++;
        Count++;
        Sum += value;
        Longest = Math.Max(Longest, value);
    }

    /// <summary>Takes in what another one counted.</summary>
    public void Add(long[] counts, long longest, long sum)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            _counts[i] += counts[i];
            Count += counts[i];
        }
        Sum += sum;
        Longest = Math.Max(Longest, longest);
    }

    /// <summary>So many in a hundred took at most this long, in microseconds; 0 when there is none.</summary>
    public double Percentile(double percent)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted) return Math.Min(MiddleOf(i), Longest);
        }
        return 0;
    }

    private static int StepOf(long value)
    {
        if (value < Steps) return (int)value;
        var doubling = BitOperations.Log2((ulong)value) - StepBits;
        return (Steps * doubling) + (int)(value >> doubling);
    }

    private static double MiddleOf(int step)
    {
        if (step < 2 * Steps) return step;
        var doubling = (step / Steps) - 1;
        return ((long)(step - (Steps * doubling)) << doubling) + ((1L << doubling) / 2.0);
    }
}

namespace BoxOffice;

/// <summary>How many durations there were of each of <see cref="Classes"/>.</summary>
/// <param name="Count">How many.</param>
/// <param name="Sum">Of all of them, in microseconds.</param>
/// <param name="Max">The longest, in microseconds.</param>
/// <param name="First">The class of the first of <paramref name="Counts"/>.</param>
/// <param name="Counts">How many in each class, from the first that is not empty to the last.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.DurationTally")]
public sealed record DurationTally(
    [property: Id(0)] long Count,
    [property: Id(1)] long Sum,
    [property: Id(2)] long Max,
    [property: Id(3)] int First,
    [property: Id(4)] long[] Counts)
{
    /// <summary>Eight classes a doubling: a percentile is at most 12.5 % off. The last begins at 125 seconds.</summary>
    public static readonly DurationClasses Classes = new(stepBits: 3, log: 26);

    /// <summary>No durations.</summary>
    public static readonly DurationTally None = new(0, 0, 0, 0, []);

    /// <summary>The mean, in microseconds; 0 when there is nothing.</summary>
    public double Mean => Count == 0 ? 0 : (double)Sum / Count;

    /// <summary>Makes a tally of counts of all classes.</summary>
    public static DurationTally Of(ReadOnlySpan<long> counts, long sum, long max)
    {
        var first = counts.IndexOfAnyExcept(0);
        if (first < 0) return None;
        var some = counts[first..(counts.LastIndexOfAnyExcept(0) + 1)];
        var count = 0L;
        foreach (var ofClass in some) count += ofClass;
        return new(count, sum, max, first, some.ToArray());
    }

    /// <summary>Makes a tally of a histogram of <see cref="Classes"/>.</summary>
    public static DurationTally Of(DurationHistogram durations) => Of(durations.Counts, durations.Sum, durations.Max);

    /// <summary>The percentile, in microseconds; 0 without durations.</summary>
    public double Percentile(double percent) => Classes.Percentile(Counts, First, Max, percent);

    /// <summary>Both together.</summary>
    public DurationTally Plus(DurationTally other)
    {
        Span<long> counts = stackalloc long[Classes.Count];
        AddTo(counts, 1);
        other.AddTo(counts, 1);
        return Of(counts, Sum + other.Sum, Math.Max(Max, other.Max));
    }

    /// <summary>What came since an earlier tally of the same source; its maximum is known to the class only.</summary>
    public DurationTally Since(DurationTally earlier)
    {
        Span<long> counts = stackalloc long[Classes.Count];
        AddTo(counts, 1);
        earlier.AddTo(counts, -1);
        var last = counts.LastIndexOfAnyExcept(0);
        return Of(counts, Sum - earlier.Sum, last < 0 ? 0 : Math.Min(Max, Classes.BeginningOf(last + 1)));
    }

    private void AddTo(Span<long> counts, int sign)
    {
        for (var i = 0; i < Counts.Length; i++) counts[First + i] += sign * Counts[i];
    }
}

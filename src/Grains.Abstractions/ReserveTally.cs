using System.Numerics;

namespace BoxOffice;

/// <summary>A part of the time between a reserve call and its answer. The first four add up to the last.</summary>
public enum ReserveStage : byte
{
    /// <summary>In the front-end: who asks and for what, and making the answer.</summary>
    Edge = 0,

    /// <summary>
    /// Waiting to be decided: for the call before to come back, on the way to the silo and back, for the event's turn.
    /// </summary>
    Queue = 1,

    /// <summary>The event's turn, in which the whole batch is decided.</summary>
    Turn = 2,

    /// <summary>Until the decision is durable: for the INSERT before, and for its own.</summary>
    Store = 3,

    /// <summary>
    /// All of it: from the front-end's first line to the answer, without reading from and writing to the network.
    /// </summary>
    Total = 4,
}

/// <summary>
/// How often something took how long, in classes an eighth apart, so that a percentile is at most 12.5 % off.
/// </summary>
/// <param name="Count">How often.</param>
/// <param name="Sum">Of all of them, in microseconds.</param>
/// <param name="Max">The longest, in microseconds.</param>
/// <param name="First">The class of the first of <paramref name="Counts"/>.</param>
/// <param name="Counts">How often in each class, from the first that is not empty to the last.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.DurationTally")]
public sealed record DurationTally(
    [property: Id(0)] long Count,
    [property: Id(1)] long Sum,
    [property: Id(2)] long Max,
    [property: Id(3)] int First,
    [property: Id(4)] long[] Counts)
{
    /// <summary>Classes in all: the last begins at 125 seconds.</summary>
    public const int ClassCount = ClassOfMax + 1;

    private const int Eighths = 3; // bits
    private const int LogMax = 26;
    private const int ClassOfMax = ((LogMax - Eighths + 1) << Eighths) + (1 << Eighths) - 1;

    /// <summary>Nothing yet.</summary>
    public static readonly DurationTally None = new(0, 0, 0, 0, []);

    /// <summary>The class of a duration, from 0.</summary>
    public static int ClassOf(long microseconds)
    {
        if (microseconds < 1 << Eighths) return (int)Math.Max(0, microseconds);
        var log = BitOperations.Log2((ulong)microseconds);
        if (log > LogMax) return ClassOfMax;
        return ((log - Eighths + 1) << Eighths) + (int)((microseconds >> (log - Eighths)) & ((1 << Eighths) - 1));
    }

    /// <summary>The shortest duration of a class, in microseconds.</summary>
    public static long BeginningOf(int index)
    {
        var octave = index >> Eighths;
        return octave == 0 ? index : (long)((1 << Eighths) + (index & ((1 << Eighths) - 1))) << (octave - 1);
    }

    /// <summary>The mean, in microseconds; 0 when there is nothing.</summary>
    public double Mean => Count == 0 ? 0 : (double)Sum / Count;

    /// <summary>Makes a tally of counts of all classes.</summary>
    public static DurationTally Of(ReadOnlySpan<long> counts, long sum, long max)
    {
        var first = counts.IndexOfAnyExcept(0);
        if (first < 0) return None;
        var some = counts[first..(counts.LastIndexOfAnyExcept(0) + 1)];
        var count = 0L;
        foreach (var classCount in some) count += classCount;
        return new(count, sum, max, first, some.ToArray());
    }

    /// <summary>
    /// The duration, in microseconds, that so many in a hundred did not exceed; 0 when there is nothing.
    /// </summary>
    public double Percentile(double percent)
    {
        var rank = Math.Max(1, Math.Ceiling(percent / 100 * Count));
        var before = 0L;
        for (var i = 0; i < Counts.Length; i++)
        {
            if (before + Counts[i] >= rank)
            {
                var (begins, ends) = (BeginningOf(First + i), BeginningOf(First + i + 1));
                return Math.Min(Max, begins + ((ends - begins) * (rank - before) / Counts[i]));
            }
            before += Counts[i];
        }
        return 0;
    }

    /// <summary>Both together.</summary>
    public DurationTally Plus(DurationTally other)
    {
        Span<long> counts = stackalloc long[ClassCount];
        AddTo(counts, 1);
        other.AddTo(counts, 1);
        return Of(counts, Sum + other.Sum, Math.Max(Max, other.Max));
    }

    /// <summary>The difference to an earlier tally of the same; the longest is known to the class only.</summary>
    public DurationTally Since(DurationTally earlier)
    {
        Span<long> counts = stackalloc long[ClassCount];
        AddTo(counts, 1);
        earlier.AddTo(counts, -1);
        var last = counts.LastIndexOfAnyExcept(0);
        return Of(counts, Sum - earlier.Sum, last < 0 ? 0 : Math.Min(Max, BeginningOf(last + 1)));
    }

    private void AddTo(Span<long> counts, int sign)
    {
        for (var i = 0; i < Counts.Length; i++) counts[First + i] += sign * Counts[i];
    }
}

/// <summary>The outcomes of the reserve calls for one event, and where their time went.</summary>
/// <param name="Stages">By <see cref="ReserveStage"/>.</param>
/// <param name="Codes">How many calls got each answer: RESERVED, REPLAYED or the code of a problem.</param>
/// <param name="Batches">Grain calls that carried them.</param>
/// <param name="BatchCalls">Calls in all of these together.</param>
/// <param name="BatchMax">Calls in the largest.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.ReserveTally")]
public sealed record ReserveTally(
    [property: Id(0)] DurationTally[] Stages,
    [property: Id(1)] IReadOnlyDictionary<string, long> Codes,
    [property: Id(2)] long Batches,
    [property: Id(3)] long BatchCalls,
    [property: Id(4)] int BatchMax)
{
    /// <summary>How many stages there are.</summary>
    public const int StageCount = (int)ReserveStage.Total + 1;

    /// <summary>Nothing yet.</summary>
    public static readonly ReserveTally None = new(
        [.. Enumerable.Repeat(DurationTally.None, StageCount)], new Dictionary<string, long>(), 0, 0, 0);

    /// <summary>The stage in which most time went; null when there was none.</summary>
    public ReserveStage? Dominant => Stages[(int)ReserveStage.Total].Count == 0
        ? null
        : Enum.GetValues<ReserveStage>()
            .Where(stage => stage != ReserveStage.Total).MaxBy(stage => Stages[(int)stage].Sum);

    /// <summary>Both together.</summary>
    public ReserveTally Plus(ReserveTally other) => new(
        [.. Stages.Zip(other.Stages, (mine, its) => mine.Plus(its))],
        Combine(other, (mine, its) => mine + its),
        Batches + other.Batches, BatchCalls + other.BatchCalls, Math.Max(BatchMax, other.BatchMax));

    /// <summary>The difference to an earlier tally of the same. The largest batch is that of all time.</summary>
    public ReserveTally Since(ReserveTally earlier) => new(
        [.. Stages.Zip(earlier.Stages, (mine, its) => mine.Since(its))],
        Combine(earlier, (mine, its) => mine - its),
        Batches - earlier.Batches, BatchCalls - earlier.BatchCalls, BatchMax);

    private Dictionary<string, long> Combine(ReserveTally other, Func<long, long, long> combine) =>
        Codes.Keys.Union(other.Codes.Keys)
            .Select(code => KeyValuePair.Create(
                code, combine(Codes.GetValueOrDefault(code), other.Codes.GetValueOrDefault(code))))
            .Where(pair => pair.Value != 0)
            .ToDictionary();
}

/// <summary>What all front-ends together measured of an event.</summary>
/// <param name="Since">From when on.</param>
/// <param name="All">Since then.</param>
/// <param name="Recent">Of the last <paramref name="RecentFor"/>.</param>
/// <param name="RecentFor">Ten to fifteen seconds; less in the beginning.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.ReserveReport")]
public sealed record ReserveReport(
    [property: Id(0)] DateTimeOffset Since,
    [property: Id(1)] ReserveTally All,
    [property: Id(2)] ReserveTally Recent,
    [property: Id(3)] TimeSpan RecentFor);

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

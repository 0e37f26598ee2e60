namespace BoxOffice.Api.Contracts;

/// <summary>Times of one stage, in milliseconds. Percentiles are at most 12.5 % off; the mean is exact.</summary>
public sealed record StageAnswer(string Stage, long Count, double MeanMs, double P50Ms, double P99Ms, double MaxMs)
{
    private const double Millisecond = 1_000;

    /// <summary>From the tally.</summary>
    public static StageAnswer Of(ReserveStage stage, DurationTally times) => new(
        NameOf(stage), times.Count, Milliseconds(times.Mean), Milliseconds(times.Percentile(50)),
        Milliseconds(times.Percentile(99)), Milliseconds(times.Max));

    /// <summary>As in the header Server-Timing.</summary>
    public static string NameOf(ReserveStage stage) => stage.ToString().ToLowerInvariant();

    private static double Milliseconds(double microseconds) => Math.Round(microseconds / Millisecond, 3);
}

/// <summary>How many reserve calls were decided together.</summary>
public sealed record BatchAnswer(long Count, double Mean, int Max)
{
    /// <summary>From the tally.</summary>
    public static BatchAnswer Of(ReserveTally tally) =>
        new(tally.Batches, MeanOf(tally), tally.BatchMax);

    private static double MeanOf(ReserveTally tally) =>
        tally.Batches == 0 ? 0 : Math.Round((double)tally.BatchCalls / tally.Batches, 1);
}

/// <summary>The same for the last seconds only.</summary>
public sealed record RecentTimingAnswer(
    double Seconds, StageAnswer[] Stages, string? Dominant, IReadOnlyDictionary<string, long> Codes, BatchAnswer Batch);

/// <summary>Where the time of an event's reserve calls went, of all front-ends together.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Since">When counting began.</param>
/// <param name="Stages">edge, queue, turn and store, which add up to total.</param>
/// <param name="Dominant">The stage in which most of the time went; null while there were no calls.</param>
/// <param name="Codes">Answers: RESERVED, REPLAYED and the codes of problems.</param>
/// <param name="Batch">Calls that were joined.</param>
/// <param name="Recent">The last ten to fifteen seconds.</param>
public sealed record TimingAnswer(
    string EventId, DateTimeOffset Since, StageAnswer[] Stages, string? Dominant,
    IReadOnlyDictionary<string, long> Codes, BatchAnswer Batch, RecentTimingAnswer Recent)
{
    /// <summary>From the reports of all front-ends.</summary>
    public static TimingAnswer Of(string eventId, ReserveReport report)
    {
        var (all, recent) = (report.All, report.Recent);
        return new(eventId, report.Since, StagesOf(all), DominantOf(all), all.Codes, BatchAnswer.Of(all),
            new(
                Math.Round(report.RecentFor.TotalSeconds, 3), StagesOf(recent), DominantOf(recent), recent.Codes,
                BatchAnswer.Of(recent)));
    }

    private static StageAnswer[] StagesOf(ReserveTally tally) =>
        [.. Enum.GetValues<ReserveStage>().Select(stage => StageAnswer.Of(stage, tally.Stages[(int)stage]))];

    private static string? DominantOf(ReserveTally tally) =>
        tally.Dominant is { } stage ? StageAnswer.NameOf(stage) : null;
}

/// <summary>A silo of the cluster.</summary>
/// <param name="Address">Its endpoint for other silos.</param>
/// <param name="Status">Its status in the cluster: Active, Joining, ShuttingDown and so on.</param>
/// <param name="Events">Events in its memory.</param>
/// <param name="Activations">Activations of all kinds in its memory: events, members and others.</param>
/// <param name="StartedAt">When it started.</param>
public sealed record SiloAnswer(string Address, string Status, int Events, int Activations, DateTimeOffset StartedAt);

/// <summary>The silos.</summary>
/// <param name="Silos">Those that run.</param>
/// <param name="LoadTest">Whether members and tokens can be made for load tests at this front-end.</param>
public sealed record ClusterAnswer(SiloAnswer[] Silos, bool LoadTest);

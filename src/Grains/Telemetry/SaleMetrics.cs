using System.Diagnostics.Metrics;

namespace BoxOffice.Grains.Telemetry;

/// <summary>
/// Metrics of a silo, in the meter <see cref="MeterName"/>. No instrument has a tag for an event or a member.
/// </summary>
public static class SaleMetrics
{
    /// <summary>The meter's name, on silos and front-ends.</summary>
    public const string MeterName = "BoxOffice";

    /// <summary>Counts batches by outcome; the tag is <see cref="StatusTag"/>.</summary>
    public const string AppendsName = "boxoffice.journal.appends";

    /// <summary>
    /// COMMITTED, FENCED (another owner had the sequence), NOT_APPLIED, UNKNOWN or WENT_BACK (the predecessor is
    /// missing).
    /// </summary>
    public const string StatusTag = "boxoffice.append.status";

    /// <summary>Counts each line of level Critical about an event; the tag is <see cref="FailureTag"/>.</summary>
    public const string FailuresName = "boxoffice.event.failures";

    /// <summary>WENT_BACK, UNREADABLE or DEFECT, as of <see cref="EventFailure"/>.</summary>
    public const string FailureTag = "boxoffice.failure";

    /// <summary>Bounds of durations: from one turn to the longest wait.</summary>
    public static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    /// <summary>Bounds of numbers of calls and entries: up to the largest batch.</summary>
    public static readonly InstrumentAdvice<long> Sizes = new()
    {
        HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
    };

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Appends =
        Meter.CreateCounter<long>(AppendsName, "{batch}", "Batches that events sent to the journal, by outcome.");

    private static readonly Histogram<double> AppendTime = Meter.CreateHistogram(
        "boxoffice.journal.append.duration", "s",
        "Time until a batch of one event was durable, waiting for a writer included.", advice: Seconds);

    private static readonly Histogram<double> InsertTime = Meter.CreateHistogram(
        "boxoffice.journal.insert.duration", "s",
        "Time of one INSERT of entries, of one event or of several.", advice: Seconds);

    private static readonly Histogram<long> InsertSize = Meter.CreateHistogram(
        "boxoffice.journal.insert.size", "{entry}", "Entries in one INSERT.", advice: Sizes);

    private static readonly Histogram<double> ReplayTime = Meter.CreateHistogram(
        "boxoffice.event.replay.duration", "s",
        "Time of replaying an event's journal when it is activated.", advice: Seconds);

    private static readonly Counter<long> ReplayedEntries = Meter.CreateCounter<long>(
        "boxoffice.event.replay.entries", "{entry}", "Entries that were replayed.");

    // Observed, so that the series exist with 0 before the first failure: an alert sees the first increase.
    private static readonly long[] Failures = new long[Enum.GetValues<EventFailure>().Length];

    private static readonly Counter<long> SnapshotsTaken = Meter.CreateCounter<long>(
        "boxoffice.snapshot.taken", "{part}", "Parts of snapshots that were stored.");

    private static readonly Counter<long> SnapshotsRejected = Meter.CreateCounter<long>(
        "boxoffice.snapshot.rejected", "{snapshot}",
        "Snapshots that did not agree with the journal or were damaged, and were deleted from there on.");

    private static readonly UpDownCounter<long> Active = Meter.CreateUpDownCounter<long>(
        "boxoffice.event.active", "{event}", "Events in the memory of this silo.");

    private static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>(
        "boxoffice.event.waiting", "{call}", "Calls that wait for the journal.");

    private static readonly Gauge<double> ClockErrors = Meter.CreateGauge<double>(
        "boxoffice.clock.error", "s",
        "How far the source of time is ahead of the sale's clock. More than half a second is a step, not believed.");

    private static readonly UpDownCounter<long> Ahead = Meter.CreateUpDownCounter<long>(
        "boxoffice.event.clock_ahead", "{event}",
        "Events of this silo whose journal ends in the future: a wrong clock wrote it.");

    static SaleMetrics() => Meter.CreateObservableCounter(
        FailuresName, () => Enum.GetValues<EventFailure>().Select(CountOf),
        "{failure}", "Events that an operator has to handle, by failure.");

    internal static void ClockError(TimeSpan error) => ClockErrors.Record(error.TotalSeconds);

    internal static void IsAhead(int events) => Ahead.Add(events);

    /// <param name="status">The outcome of the append, as <c>COMMITTED</c>.</param>
    /// <param name="time">How long its owner waited.</param>
    internal static void Appended(string status, TimeSpan time)
    {
        AppendTime.Record(time.TotalSeconds);
        Appends.Add(1, new KeyValuePair<string, object?>(StatusTag, status));
    }

    internal static void Failed(EventFailure failure) => Interlocked.Increment(ref Failures[(int)failure]);

    internal static void Inserted(int entries, TimeSpan time)
    {
        InsertSize.Record(entries);
        InsertTime.Record(time.TotalSeconds);
    }

    internal static void Replayed(long entries, TimeSpan time)
    {
        ReplayedEntries.Add(entries);
        ReplayTime.Record(time.TotalSeconds);
    }

    internal static void Activated(int events)
    {
        Active.Add(events);
        Ahead.Add(0); // so that the series exists as soon as there are events
    }

    private static Measurement<long> CountOf(EventFailure failure) => new(
        Interlocked.Read(ref Failures[(int)failure]),
        new KeyValuePair<string, object?>(FailureTag, failure switch
        {
            EventFailure.WentBack => "WENT_BACK",
            EventFailure.Unreadable => "UNREADABLE",
            _ => "DEFECT",
        }));

    /// <summary>Both counters exist from the start, with 0.</summary>
    internal static void SnapshotsBegin()
    {
        SnapshotsTaken.Add(0);
        SnapshotsRejected.Add(0);
    }

    internal static void SnapshotTaken() => SnapshotsTaken.Add(1);

    internal static void SnapshotRejected() => SnapshotsRejected.Add(1);

    internal static void Waits(int calls) => Waiting.Add(calls);
}

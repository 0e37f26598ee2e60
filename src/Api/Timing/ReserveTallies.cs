using System.Collections.Concurrent;
using BitFaster.Caching.Lru;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Telemetry;

namespace BoxOffice.Api.Timing;

/// <summary>
/// Counts the reserve calls of every event at this front-end, and reports them to each event's
/// <see cref="IReserveTallyGrain"/>, which adds up the reports of all front-ends.
/// </summary>
internal sealed partial class ReserveTallies : BackgroundService
{
    /// <summary>
    /// Events that are counted. Only events that answered are here, and operators open those. The least recently used
    /// one is evicted: its last counts are reported, and later calls are counted as from another source.
    /// </summary>
    public const int EventsMax = 10_000;

    // In each second, which bounds the cost however many events are on sale; with more, each is reported less often.
    private const int ReportsMax = 100;

    // Evicted tallies that wait for their last report. With more, the counts since the report before are lost.
    private const int EvictedMax = 1_000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(30); // a silo that was lost has forgotten it
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    private readonly ConcurrentLru<string, Slot> _slots = new(EventsMax);
    private readonly ConcurrentQueue<(string EventId, Slot Slot)> _evicted = new();
    private readonly Router _router;
    private readonly ApiMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<ReserveTallies> _logger;

    public ReserveTallies(Router router, ApiMetrics metrics, TimeProvider time, ILogger<ReserveTallies> logger)
    {
        (_router, _metrics, _time, _logger) = (router, metrics, time, logger);
        _slots.Events.Value!.ItemRemoved += (_, removed) => KeepEvicted(removed.Key, removed.Value!);
    }

    /// <summary>A call was answered.</summary>
    public void Count(string? eventId, string code, in StageTimes times, in DecidedCall? decided)
    {
        _metrics.Answered(code, times, decided?.BatchCalls ?? 0);
        if (eventId is null) return;
        if (!_slots.TryGet(eventId, out var slot))
        {
            // Made-up ids must not stay in memory: only an event that answered is known to exist.
            if (decided is not { Answer.Status: not ReserveStatus.EventNotFound }) return;
            slot = _slots.GetOrAdd(eventId, static _ => new());
        }
        slot.Tally.Add(code, times, decided?.BatchCalls ?? 0);
    }

    /// <summary>Reports an event's counts now.</summary>
    public Task ReportAsync(string eventId) =>
        _slots.TryGet(eventId, out var slot) ? ReportAsync(eventId, slot) : Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (eventId, slot) in TakeDue())
            {
                try
                {
                    await ReportAsync(eventId, slot);
                }
                catch (Exception e)
                {
                    LogNotReported(e, eventId);
                }
            }
        }
    }

    /// <summary>What is reported next: evicted tallies first, then those that were not reported for longest.</summary>
    private List<(string EventId, Slot Slot)> TakeDue()
    {
        var due = new List<(string EventId, Slot Slot)>();
        while (due.Count < ReportsMax && _evicted.TryDequeue(out var evicted)) due.Add(evicted);
        due.AddRange(_slots.Where(slot => slot.Value.IsDue(_time)).OrderBy(slot => slot.Value.ReportedAt)
            .Take(ReportsMax - due.Count).Select(slot => (slot.Key, slot.Value)));
        return due;
    }

    private void KeepEvicted(string eventId, Slot slot)
    {
        if (slot.HasNews && _evicted.Count < EvictedMax) _evicted.Enqueue((eventId, slot));
    }

    private async Task ReportAsync(string eventId, Slot slot)
    {
        slot.Reported(_time);
        var tally = _router.For(eventId).Grains.GetGrain<IReserveTallyGrain>(eventId);
        await tally.Report(slot.Source, slot.Tally.Read()).WaitAsync(AnswerMax, _time);
    }

    /// <summary>One event's counts, and when they were reported.</summary>
    private sealed class Slot
    {
        private long _reportedCalls;

        /// <summary>The source of its reports: another one when counting began anew.</summary>
        public string Source { get; } = Random.Shared.GetHexString(16);

        public EventTally Tally { get; } = new();

        public long ReportedAt { get; private set; }

        public bool HasNews => Tally.Calls != _reportedCalls;

        public bool IsDue(TimeProvider time) => HasNews || time.GetElapsedTime(ReportedAt) > RepeatAfter;

        public void Reported(TimeProvider time) => (_reportedCalls, ReportedAt) = (Tally.Calls, time.GetTimestamp());
    }

    [LoggerMessage(Level = LogLevel.Debug,
        Message =
            "The timings of event {EventId} could not be reported: its next report includes them, unless it was "
                + "evicted")]
    private partial void LogNotReported(Exception exception, string eventId);
}

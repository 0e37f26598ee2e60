using System.Collections.Concurrent;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Telemetry;

namespace BoxOffice.Api.Timing;

/// <summary>
/// Counts the reserve calls of every event at this front-end, and tells each event's <see cref="IReserveTallyGrain"/>, which
/// adds up what all front-ends have.
/// </summary>
internal sealed partial class ReserveTallies(Router router, ApiMetrics metrics, TimeProvider time, ILogger<ReserveTallies> logger) : BackgroundService
{
    // Only events that answered are here, and operators open those. A full map begins anew.
    private const int EventsMax = 10_000;

    // In each second, so that telling costs little however many events are on sale; with more, each is told less often.
    private const int ReportsMax = 100;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(30); // a silo that was lost has forgotten it
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    /// <summary>A call was answered.</summary>
    public void Count(string? eventId, string code, in StageTimes times, in DecidedCall? decided)
    {
        metrics.Answered(code, times, decided?.BatchCalls ?? 0);
        if (eventId is null) return;
        if (!_slots.TryGetValue(eventId, out var slot))
        {
            // Made-up ids must not stay in memory: only an event that answered is known to be there.
            if (decided is not { Answer.Status: not ReserveStatus.EventNotFound }) return;
            slot = SlotOf(eventId);
        }
        slot.Tally.Add(code, times, decided?.BatchCalls ?? 0);
    }

    /// <summary>Tells now what is new of one event.</summary>
    public Task ReportAsync(string eventId) => _slots.TryGetValue(eventId, out var slot) ? ReportAsync(eventId, slot) : Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var due = _slots.Where(one => one.Value.IsDue(time)).OrderBy(one => one.Value.ToldAt).Take(ReportsMax).ToList();
            foreach (var (eventId, slot) in due)
            {
                try
                {
                    await ReportAsync(eventId, slot);
                }
                catch (Exception e)
                {
                    LogNotTold(e, eventId); // the next report has it all
                }
            }
        }
    }

    private async Task ReportAsync(string eventId, Slot slot)
    {
        slot.Told(time);
        await router.For(eventId).Grains.GetGrain<IReserveTallyGrain>(eventId).Report(slot.Source, slot.Tally.Read()).WaitAsync(AnswerMax, time);
    }

    private Slot SlotOf(string eventId)
    {
        if (_slots.Count >= EventsMax) _slots.Clear();
        return _slots.GetOrAdd(eventId, static _ => new());
    }

    /// <summary>One event's counts, and when they were told.</summary>
    private sealed class Slot
    {
        private long _toldCalls;

        /// <summary>Under which they are told: another one when counting began anew.</summary>
        public string Source { get; } = Random.Shared.GetHexString(16);

        public EventTally Tally { get; } = new();

        public long ToldAt { get; private set; }

        public bool IsDue(TimeProvider time) => Tally.Calls != _toldCalls || time.GetElapsedTime(ToldAt) > RepeatAfter;

        public void Told(TimeProvider time) => (_toldCalls, ToldAt) = (Tally.Calls, time.GetTimestamp());
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "What was measured of event {EventId} could not be told; it will be with the next report")]
    private partial void LogNotTold(Exception exception, string eventId);
}

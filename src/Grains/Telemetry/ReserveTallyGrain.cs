using Orleans.Concurrency;

namespace BoxOffice.Grains.Telemetry;

/// <summary>
/// Sums what the front-ends report of one event, and remembers the sums of ten seconds ago. It is kept for a day after
/// the last report, so that a sale can be reviewed when it is over.
/// </summary>
[Reentrant, CollectionAgeLimit(Days = 1), GrainType("reserve-tally")]
public sealed class ReserveTallyGrain(TimeProvider time) : Grain, IReserveTallyGrain
{
    // Restarted front-ends report as new sources; the oldest are summed, and no longer distinguished.
    private const int SourcesMax = 64;

    private static readonly TimeSpan MarkEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RecentFor = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, ReserveTally> _tallies = [];
    private readonly Queue<string> _sources = new(); // the oldest first
    private readonly Queue<Mark> _marks = new(); // the oldest first; the first is ten to fifteen seconds old
    private ReserveTally _former = ReserveTally.None;
    private Mark _begin;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _begin = new(time.GetUtcNow(), ReserveTally.None);
        _marks.Enqueue(_begin);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Report(string source, ReserveTally tally)
    {
        MarkNow();
        if (!_tallies.ContainsKey(source)) _sources.Enqueue(source);
        _tallies[source] = tally;
        if (_sources.Count > SourcesMax && _tallies.Remove(_sources.Dequeue(), out var oldest))
            _former = _former.Plus(oldest);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ReserveReport> Read()
    {
        MarkNow();
        var (all, then) = (All(), _marks.Peek());
        return Task.FromResult(new ReserveReport(_begin.At, all, all.Since(then.Tally), time.GetUtcNow() - then.At));
    }

    private void MarkNow()
    {
        var now = time.GetUtcNow();
        if (now - _marks.Last().At >= MarkEvery) _marks.Enqueue(new(now, All()));
        while (_marks.Count > 1 && now - _marks.ElementAt(1).At >= RecentFor) _marks.Dequeue();
    }

    private ReserveTally All() => _tallies.Values.Aggregate(_former, (all, tally) => all.Plus(tally));

    private readonly record struct Mark(DateTimeOffset At, ReserveTally Tally);
}

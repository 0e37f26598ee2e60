using System.Collections.Concurrent;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// A crowd that calls front-ends until it is told to stop, while a test makes trouble, and writes down all that it is told.
/// It repeats what it does not know, with the same key and through any front-end, as a good client does.
/// </summary>
/// <example>
/// <code>
/// await using var workload = Workload.Start(cluster.Urls, buyers, new() { Seed = seed });
/// // faults; healing
/// await workload.StopAsync();
/// Audit.Check(workload.History, await StoredJournal.ReadAsync(database, "gala")).ThrowIfBroken();
/// </code>
/// </example>
public sealed class Workload : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly RecordingClient _client;
    private readonly WorkloadShape _shape;
    private readonly Visitor[] _visitors;
    private readonly Task _visits;
    private bool _hasStopped;

    private Workload(Func<IReadOnlyList<Uri>> frontEnds, IReadOnlyList<Buyer> buyers, WorkloadShape shape, History history)
    {
        (_shape, History, _client) = (shape, history, new(history));
        var choice = new FrontEndChoice(frontEnds);
        var known = new ConcurrentQueue<(string EventId, long Sequence)>();
        _visitors = [.. Enumerable.Range(0, shape.Visitors).Select(number => new Visitor(
            number, shape, [.. buyers.Where((_, i) => i % shape.Visitors == number)], _client, choice, known))];
        _visits = Task.WhenAll(_visitors.Select(one => Task.Run(() => one.VisitAsync(_stop.Token))));
    }

    /// <summary>What was asked and told so far.</summary>
    public History History { get; }

    /// <summary>Starts a crowd. There must be at least as many buyers as visitors; each buyer belongs to one visitor.</summary>
    public static Workload Start(
        IReadOnlyList<Uri> frontEnds, IReadOnlyList<Buyer> buyers, WorkloadShape? shape = null, History? history = null) =>
        Start(() => frontEnds, buyers, shape, history);

    /// <summary>The same, where the addresses change: they are asked for at each call.</summary>
    public static Workload Start(
        Func<IReadOnlyList<Uri>> frontEnds, IReadOnlyList<Buyer> buyers, WorkloadShape? shape = null, History? history = null)
    {
        shape ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(buyers.Count, shape.Visitors);
        return new(frontEnds, buyers, shape, history ?? new());
    }

    /// <summary>Returns when so many more calls were answered with a decision: that a fault fell into a busy time, or that it is over.</summary>
    public Task DecidedAsync(int more, TimeSpan? patience = null)
    {
        var before = History.DecidedCount;
        return Wait.UntilAsync($"{more} decisions after {before}",
            () => Task.FromResult(_visits.IsFaulted || History.DecidedCount >= before + more), patience);
    }

    /// <summary>
    /// Sends the crowd home, after healing: the last visits end, every call without a definite answer is repeated until it
    /// has one, and everybody calls once more. What is sent from now on is marked as <see cref="Phase.Healed"/>.
    /// </summary>
    public async Task StopAsync()
    {
        if (_hasStopped) return;
        _hasStopped = true;
        await _stop.CancelAsync();
        await _visits;
        using var patience = new CancellationTokenSource(_shape.EndingPatience);
        await Task.WhenAll(_visitors.Select(one => one.EndAsync(patience.Token)));
    }

    /// <summary>Sends the crowd home at once, whatever it does not know.</summary>
    public async Task LeaveAsync()
    {
        await _stop.CancelAsync();
        await _visits;
    }

    /// <summary>The same, for good.</summary>
    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _client.Dispose();
        _stop.Dispose();
    }
}

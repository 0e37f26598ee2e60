using System.Collections.Concurrent;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// A crowd of clients that calls front-ends while a test injects faults, and records all answers. It retries calls with
/// an unknown outcome, with the same key and through any front-end, as a correct client does.
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
    private readonly RecordingClient _recorder;
    private readonly WorkloadShape _shape;
    private readonly BuyerClient[] _clients;
    private readonly Task _runs;
    private bool _hasStopped;

    private Workload(
        Func<IReadOnlyList<Uri>> frontEnds, IReadOnlyList<Buyer> buyers, WorkloadShape shape, History history)
    {
        (_shape, History, _recorder) = (shape, history, new(history));
        var choice = new FrontEndChoice(frontEnds);
        var known = new ConcurrentQueue<(string EventId, long Sequence)>();
        _clients = [.. Enumerable.Range(0, shape.Clients).Select(number => new BuyerClient(
            number, shape, [.. buyers.Where((_, i) => i % shape.Clients == number)], _recorder, choice, known))];
        _runs = Task.WhenAll(_clients.Select(client => Task.Run(() => client.RunAsync(_stop.Token))));
    }

    /// <summary>The calls and answers so far.</summary>
    public History History { get; }

    /// <summary>
    /// Starts a crowd. Each buyer belongs to one client, so there must be at least as many buyers as clients.
    /// </summary>
    public static Workload Start(
        IReadOnlyList<Uri> frontEnds,
        IReadOnlyList<Buyer> buyers,
        WorkloadShape? shape = null,
        History? history = null) =>
        Start(() => frontEnds, buyers, shape, history);

    /// <summary>Starts a crowd where addresses change: they are read at each call.</summary>
    public static Workload Start(
        Func<IReadOnlyList<Uri>> frontEnds,
        IReadOnlyList<Buyer> buyers,
        WorkloadShape? shape = null,
        History? history = null)
    {
        shape ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(buyers.Count, shape.Clients);
        return new(frontEnds, buyers, shape, history ?? new());
    }

    /// <summary>
    /// Returns after this number of further decisions: it shows that a fault meets a busy cluster, or that it is over.
    /// </summary>
    public Task DecidedAsync(int more, TimeSpan? patience = null)
    {
        var before = History.DecidedCount;
        return Wait.UntilAsync($"{more} decisions after {before}",
            () => Task.FromResult(_runs.IsFaulted || History.DecidedCount >= before + more), patience);
    }

    /// <summary>
    /// Ends the crowd after healing: last calls complete, every call without a definite answer is repeated until it has
    /// one, and every client calls once more. Calls from now on are marked as <see cref="Phase.Healed"/>.
    /// </summary>
    public async Task StopAsync()
    {
        if (_hasStopped) return;
        _hasStopped = true;
        await _stop.CancelAsync();
        await _runs;
        using var patience = new CancellationTokenSource(_shape.EndingPatience);
        await Task.WhenAll(_clients.Select(client => client.EndAsync(patience.Token)));
    }

    /// <summary>Ends the crowd at once, with unknown outcomes left.</summary>
    public async Task LeaveAsync()
    {
        await _stop.CancelAsync();
        await _runs;
    }

    /// <summary>Ends the crowd at once and frees its resources.</summary>
    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _recorder.Dispose();
        _stop.Dispose();
    }
}

using System.Collections.Concurrent;
using BoxOffice.Grains.Events;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>Which of many events that replay at once reads first.</summary>
public sealed class ReplayGateTests
{
    private readonly ReplayGate _gate = new();
    private readonly List<string> _begun = [];
    private readonly Dictionary<string, TaskCompletionSource<bool>> _ends = [];

    [Fact]
    public async Task A_few_read_at_once_and_the_others_one_after_the_other()
    {
        var all = Enumerable.Range(1, 6).Select(i => PassAsync($"event{i}")).ToArray();
        Assert.Equal(["event1", "event2", "event3", "event4"], _begun);

        await EndAsync("event2", all[1]);
        Assert.Equal("event5", _begun[^1]);
        await EndAsync("event1", all[0]);
        Assert.Equal("event6", _begun[^1]);
    }

    [Fact]
    public async Task Events_with_waiting_reserve_calls_pass_before_events_with_waiting_reads()
    {
        var isUrgent = false;
        var all = Enumerable.Range(1, 6).Select(i => PassAsync($"event{i}")).ToArray();
        _ = PassAsync("sale", () => isUrgent);

        isUrgent = true; // changed during the wait
        await EndAsync("event1", all[0]);

        Assert.Equal("sale", _begun[^1]);
    }

    [Fact]
    public async Task A_cancelled_wait_is_not_given_a_place()
    {
        using var stop = new CancellationTokenSource();
        var all = Enumerable.Range(1, 4).Select(i => PassAsync($"event{i}")).ToArray();
        var gone = PassAsync("gone", stop: stop.Token);
        _ = PassAsync("next");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await EndAsync("event1", all[0]);

        Assert.Equal("next", _begun[^1]);
    }

    [Fact]
    public async Task The_head_of_an_event_with_reserve_calls_is_read_before_those_of_unknown_ids()
    {
        var firstEnds = new TaskCompletionSource<JournalHead>();
        var neverEnds = new TaskCompletionSource<JournalHead>();
        var reads = new ConcurrentQueue<string>();
        var first = ReadAsync("made-up-0", isUrgent: false, firstEnds);
        for (var i = 1; i < 10; i++) _ = ReadAsync($"made-up-{i}", isUrgent: false, neverEnds);
        _ = ReadAsync("gala", isUrgent: true, neverEnds);

        firstEnds.SetResult(JournalHead.None);
        await first;
        await Poll.UntilAsync(() => reads.Count == 3);

        Assert.Equal(["made-up-0", "made-up-1", "gala"], reads);

        Task ReadAsync(string name, bool isUrgent, TaskCompletionSource<JournalHead> ends) =>
            _gate.HeadAsync(() => isUrgent, () => { reads.Enqueue(name); return ends.Task; }, default);
    }

    [Fact]
    public async Task Heads_of_many_unknown_ids_are_read_two_at_a_time()
    {
        var ends = new TaskCompletionSource<JournalHead>();
        var looks = 0;
        var all = Enumerable.Range(0, 10)
            .Select(_ => _gate.HeadAsync(() => false, () => { looks++; return ends.Task; }, default)).ToArray();

        Assert.Equal(2, looks);
        ends.SetResult(JournalHead.None);
        await Task.WhenAll(all);
        Assert.Equal(10, looks);
    }

    private Task<bool> PassAsync(string name, Func<bool>? isUrgent = null, CancellationToken stop = default)
    {
        _ends[name] = new();
        return _gate.PassAsync(isUrgent ?? (() => false), () =>
        {
            _begun.Add(name);
            return _ends[name].Task;
        }, stop);
    }

    private async Task EndAsync(string name, Task passing)
    {
        var begun = _begun.Count;
        _ends[name].SetResult(true);
        await passing;
        while (_begun.Count == begun) await Task.Yield(); // the next continues in a turn of its own
    }
}

using System.Diagnostics;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace BoxOffice.Api.Tests;

public sealed class BatchSenderTests
{
    private const string Gateway = "10.0.0.1:30000";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeSilo _silo;

    public BatchSenderTests() => _silo = new(_time);

    [Fact]
    public async Task What_comes_while_no_message_is_under_way_goes_out_at_once_as_an_ordinary_call()
    {
        var gala = Reserve(Owning("gala"), "gala");

        Assert.Equal(["gala:1"], _silo.Messages);
        _silo.Release("gala");
        await IsAnsweredAsync(gala, 1);
    }

    [Fact]
    public async Task What_comes_while_a_message_is_under_way_goes_out_together_and_everybody_has_its_own_answer()
    {
        var frontEnd = Owning("first", "event1", "event2", "event3", "event4", "event5");
        var first = Reserve(frontEnd, "first");
        var others = Enumerable.Range(1, 5).Select(number => Reserve(frontEnd, $"event{number}", calls: number)).ToList();

        _silo.ReleaseAll();

        await IsAnsweredAsync(first, 1);
        for (var number = 1; number <= 5; number++) await IsAnsweredAsync(others[number - 1], [.. Enumerable.Range(1, number)]);
        Assert.Equal(["first:1", "event1:1 event2:2 event3:3 event4:4 event5:5"], _silo.Messages);
    }

    [Fact]
    public async Task A_message_with_enough_calls_takes_no_further_event()
    {
        var frontEnd = Owning(new ApiOptions { CoalescerBatchMax = 4 }, "first", "a", "b", "c");
        var first = Reserve(frontEnd, "first");
        var asked = new[] { "a", "b", "c" }.Select(id => Reserve(frontEnd, id, calls: 3)).ToList();

        _silo.ReleaseAll();
        await Task.WhenAll([first, .. asked]);

        Assert.Equal(["first:1", "a:3 b:3", "c:3"], _silo.Messages);
    }

    [Fact]
    public async Task An_event_that_is_late_holds_up_no_other_and_is_answered_when_it_answers()
    {
        var frontEnd = Owning("first", "stuck", "other");
        var first = Reserve(frontEnd, "first");
        var (stuck, other) = (Reserve(frontEnd, "stuck"), Reserve(frontEnd, "other"));
        _silo.Release("first");
        _silo.Release("other");

        await IsAnsweredAsync(_time.UntilAsync(other), 1);
        await IsAnsweredAsync(_time.UntilAsync(Reserve(frontEnd, "other")), 1); // and messages go on
        Assert.False(stuck.IsCompleted);
        _silo.Release("stuck");

        await IsAnsweredAsync(stuck, 1);
        await first;
    }

    [Fact]
    public async Task What_one_event_throws_reaches_its_buyers_and_nobody_else()
    {
        _silo.Failures["broken"] = new BusyException("Too many calls wait for this event.");
        var frontEnd = Owning("first", "broken", "other");
        var first = Reserve(frontEnd, "first");
        var (broken, other) = (Reserve(frontEnd, "broken"), Reserve(frontEnd, "other"));
        _silo.ReleaseAll();

        await Assert.ThrowsAsync<BusyException>(() => broken);
        await IsAnsweredAsync(other, 1);
        await first;
    }

    [Fact]
    public async Task An_event_that_was_late_and_throws_reaches_its_buyers()
    {
        _silo.Failures["broken"] = new OutcomeUnknownException("Nobody knows.");
        var frontEnd = Owning("first", "broken", "other");
        var first = Reserve(frontEnd, "first");
        var (broken, other) = (Reserve(frontEnd, "broken"), Reserve(frontEnd, "other"));
        _silo.Release("first");
        _silo.Release("other");
        await _time.UntilAsync(other);
        _silo.Release("broken");

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _time.UntilAsync(broken));
        await first;
    }

    [Fact]
    public async Task When_a_pending_result_cannot_be_fetched_nobody_is_told_that_nothing_was_done()
    {
        _silo.FetchTrouble = new BusyException("Too many messages.");
        var frontEnd = Owning("first", "stuck", "other");
        var first = Reserve(frontEnd, "first");
        var (stuck, other) = (Reserve(frontEnd, "stuck"), Reserve(frontEnd, "other"));
        _silo.Release("first");
        _silo.Release("other");

        await IsAnsweredAsync(_time.UntilAsync(other), 1);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _time.UntilAsync(stuck));
        await first;
    }

    [Fact]
    public async Task When_a_message_fails_everybody_in_it_hears_so_and_messages_go_on()
    {
        var frontEnd = Owning("first", "one", "other");
        var first = Reserve(frontEnd, "first");
        var (one, other) = (Reserve(frontEnd, "one"), Reserve(frontEnd, "other"));
        _silo.Trouble = new TimeoutException("The silo is gone.");
        _silo.Release("first");

        await Assert.ThrowsAsync<TimeoutException>(() => _time.UntilAsync(one));
        await Assert.ThrowsAsync<TimeoutException>(() => _time.UntilAsync(other));
        _silo.ReleaseAll();
        await IsAnsweredAsync(Reserve(frontEnd, "one"), 1);
        await first;
    }

    [Fact]
    public async Task A_silo_that_hangs_holds_up_the_next_message_for_a_moment_only()
    {
        var frontEnd = Owning("stuck", "other");
        var stuck = Reserve(frontEnd, "stuck");
        var other = Reserve(frontEnd, "other");
        Assert.Equal(["stuck:1"], _silo.Messages);

        _silo.Release("other");
        await _time.PassAsync(IReserveBatchGrain.Patience);

        await IsAnsweredAsync(other, 1);
        Assert.False(stuck.IsCompleted);
        _silo.Release("stuck");
        await stuck;
    }

    [Fact]
    public async Task A_queue_with_nobody_who_still_waits_keeps_nobody_waiting()
    {
        var frontEnd = Owning(new ApiOptions { ResponseTimeout = TimeSpan.FromMilliseconds(20) }, "first", "late", "gala");
        var first = Reserve(frontEnd, "first");
        var late = Reserve(frontEnd, "late");
        await _time.PassAsync(TimeSpan.FromMilliseconds(25)); // less than a silo that hangs holds up others
        _silo.ReleaseAll();

        await Assert.ThrowsAsync<NotAppliedException>(() => late);
        await IsAnsweredAsync(Reserve(frontEnd, "gala"), 1);
        Assert.Equal(["first:1", "gala:1"], _silo.Messages);
        await first;
    }

    [Fact]
    public async Task Events_of_one_silo_are_asked_together_as_soon_as_it_is_known_that_it_owns_them()
    {
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "a", "b", "c"); // one by one: nobody knows where they are
        _silo.HoldAll();

        var answers = new[] { "a", "b", "c" }.Select(id => AskAsync(coalescer, id)).ToList();
        _silo.ReleaseAll();
        await Task.WhenAll(answers);

        Assert.Equal(["a:1", "b:1", "c:1", "a:1", "b:1 c:1"], _silo.Messages);
    }

    [Fact]
    public async Task An_event_for_which_calls_always_wait_joins_the_others_as_soon_as_it_is_known_where_it_is()
    {
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "gala", "opera");

        // Not each time: it must enter while the door is shut, which is for a moment only.
        await Testing.Wait.UntilAsync("it is in a message with another", async () =>
        {
            var hot = $"hot-{_silo.Messages.Length}"; // nobody knows where it is
            _silo.HoldAll();
            var asked = new[] { hot, hot, "gala", "opera" }.Select(id => AskAsync(coalescer, id)).ToList();
            _silo.Release(hot);
            await asked[0];
            _silo.ReleaseAll();
            await Task.WhenAll(asked);
            return _silo.Messages.Contains($"opera:1 {hot}:1");
        });
    }

    [Fact]
    public async Task An_event_that_is_slow_is_asked_by_itself_and_holds_up_nobody()
    {
        _silo.Slow = "slow";
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "gala", "slow");
        _silo.HoldAll();

        var asked = new[] { "slow", "slow", "gala" }.Select(id => AskAsync(coalescer, id)).ToList();

        Assert.Equal(["slow:1", "gala:1"], _silo.Messages[^2..]); // at once
        _silo.ReleaseAll();
        await Task.WhenAll(asked);
    }

    [Theory]
    [InlineData("made-up")]
    [InlineData("rehearsal~1")]
    public async Task What_was_made_up_and_what_is_rehearsed_is_asked_by_itself(string eventId)
    {
        _silo.Unknown = "made-up";
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "gala", eventId);
        _silo.HoldAll();

        var gala = AskAsync(coalescer, "gala"); // a message is under way
        var other = AskAsync(coalescer, eventId);
        _silo.Release(eventId);

        await other;
        Assert.False(gala.IsCompleted);
        _silo.ReleaseAll();
        await gala;
    }

    [Fact]
    public async Task A_call_whose_trace_is_kept_goes_by_itself_so_that_its_trace_goes_on_in_the_silo()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Tracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource(Tracing.SourceName);
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "a", "b", "c");
        _silo.HoldAll();

        var others = new[] { "a", "b" }.Select(id => AskAsync(coalescer, id)).ToList();
        using (source.StartActivity("request")) others.Add(AskAsync(coalescer, "c"));
        _silo.ReleaseAll();
        await Task.WhenAll(others);

        Assert.Equal(["a:1", "b:1", "c:1"], _silo.Messages[^3..].Order());
    }

    [Fact]
    public async Task Every_call_gets_its_own_answer_while_many_events_share_messages()
    {
        const int Events = 20, CallsEach = 500;
        _silo.ReleaseAll();
        var coalescer = Coalescer(callsMax: 7);

        await Task.WhenAll(Enumerable.Range(0, 3 * Events).Select(async buyer =>
        {
            await Task.Yield();
            for (var i = 1; i <= CallsEach; i++)
            {
                var decided = await coalescer.ReserveAsync($"event{buyer % Events}", new("ann", null, i));
                Assert.Equal(i, decided.Answer.Reservation!.Value.Quantity);
            }
        })).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(3 * Events * CallsEach, _silo.CallCount);
        Assert.Contains(_silo.Messages, message => message.Contains(' ', StringComparison.Ordinal)); // they did
        await Testing.Wait.UntilAsync("all queues have ended", () => Task.FromResult(coalescer.EventCount == 0));
    }

    /// <summary>A front-end that knows that its silo owns these events.</summary>
    private FrontEnd Owning(params string[] eventIds) => Owning(new ApiOptions(), eventIds);

    private FrontEnd Owning(ApiOptions options, params string[] eventIds)
    {
        var frontEnd = FrontEnd.Over(new SiloConnection(Gateway, _silo.Grains, _silo), options, _time);
        foreach (var id in eventIds) frontEnd.Router.Learn(id, Gateway);
        return frontEnd;
    }

    /// <summary>Asks for 1, 2, 3 … tickets of an event; gives back what was reserved.</summary>
    private static async Task<int[]> Reserve(FrontEnd frontEnd, string eventId, int calls = 1)
    {
        var asked = Enumerable.Range(1, calls).Select(quantity => frontEnd.Coalescer.ReserveAsync(eventId, new("ann", null, quantity))).ToList();
        return Array.ConvertAll(await Task.WhenAll(asked).WaitAsync(Soon), decided => decided.Answer.Reservation!.Value.Quantity);
    }

    private static async Task IsAnsweredAsync(Task<int[]> answer, params int[] quantities) => Assert.Equal(quantities, await answer);

    private ReserveCoalescer Coalescer(int callsMax = 100) => Owning(new ApiOptions { CoalescerBatchMax = callsMax }).Coalescer;

    private static async Task AskAsync(ReserveCoalescer coalescer, params string[] eventIds)
    {
        foreach (var id in eventIds) await coalescer.ReserveAsync(id, new("ann", null, 1)).WaitAsync(Soon);
    }

    /// <summary>A silo whose events answer when they are told to, with the quantity that they were asked for.</summary>
    private sealed class FakeSilo : IReserveBatchGrain
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

        private readonly Lock _gate = new();
        private readonly Dictionary<string, TaskCompletionSource> _held = [];
        private readonly Dictionary<long, Task<BatchAnswer>> _late = [];
        private readonly List<string> _messages = [];
        private bool _isReleased;

        private readonly TimeProvider _time;

        public FakeSilo(TimeProvider time) => (_time, Grains) = (time, new FakeGrains(id => new FakeSiloEvent(this, id), this));

        public IGrainFactory Grains { get; }

        /// <summary>What came, each as the events with the number of their calls.</summary>
        public string[] Messages
        {
            get
            {
                lock (_gate) return [.. _messages];
            }
        }

        public int CallCount { get; private set; }

        public Dictionary<string, Exception> Failures { get; } = [];

        /// <summary>What the next messages for several events meet.</summary>
        public Exception? Trouble { get; set; }

        /// <summary>What happens to whoever asks for a late answer.</summary>
        public Exception? FetchTrouble { get; set; }

        /// <summary>The event whose journal takes its time.</summary>
        public string? Slow { get; set; }

        /// <summary>An event that was never opened.</summary>
        public string? Unknown { get; set; }

        public void Release(string eventId)
        {
            lock (_gate) HeldOf(eventId).TrySetResult();
        }

        public void ReleaseAll()
        {
            lock (_gate)
            {
                _isReleased = true;
                foreach (var one in _held.Values) one.TrySetResult();
            }
        }

        public void HoldAll()
        {
            lock (_gate)
            {
                _isReleased = false;
                _held.Clear();
            }
        }

        public async Task<BatchAnswer[]> Reserve(EventCalls[] calls)
        {
            Note(calls);
            if (Trouble is { } trouble) throw trouble;
            var asked = Array.ConvertAll(calls, AnswerAsync);
            await Task.WhenAny(Task.WhenAll(asked), Task.Delay(Patience, _time));
            return await Task.WhenAll(asked.Select(one => one.IsCompleted ? one : Task.FromResult(Keep(one))));
        }

        public Task<BatchAnswer> Pending(long id)
        {
            if (FetchTrouble is { } trouble) throw trouble;
            lock (_gate) return _late[id];
        }

        public async Task<ReserveResults> AskAsync(EventCalls calls)
        {
            Note(calls);
            var answer = await AnswerAsync(calls);
            return answer.Results ?? throw answer.Failure!;
        }

        private async Task<BatchAnswer> AnswerAsync(EventCalls calls)
        {
            Task held;
            lock (_gate) held = HeldOf(calls.EventId).Task;
            await held;
            if (Failures.TryGetValue(calls.EventId, out var failure)) return new(Failure: failure);
            return new(new ReserveResults(Array.ConvertAll(calls.Requests, request => calls.EventId == Unknown
                ? new ReserveResult(ReserveStatus.EventNotFound)
                : new(ReserveStatus.Reserved, new Reservation(1, request.Quantity, ReservationState.Confirmed, default, null))), Gateway,
                Store: calls.EventId == Slow ? IReserveBatchGrain.Patience : TimeSpan.Zero));
        }

        private TaskCompletionSource HeldOf(string eventId)
        {
            if (!_held.TryGetValue(eventId, out var held)) _held.Add(eventId, held = new(TaskCreationOptions.RunContinuationsAsynchronously));
            if (_isReleased) held.TrySetResult();
            return held;
        }

        private void Note(params EventCalls[] calls)
        {
            lock (_gate)
            {
                _messages.Add(string.Join(' ', calls.Select(one => $"{one.EventId}:{one.Requests.Length}")));
                CallCount += calls.Sum(one => one.Requests.Length);
            }
        }

        private BatchAnswer Keep(Task<BatchAnswer> answer)
        {
            lock (_gate)
            {
                _late.Add(_late.Count, answer);
                return new(PendingId: _late.Count - 1);
            }
        }
    }

    private sealed class FakeSiloEvent(FakeSilo silo, string id) : FakeEvent
    {
        public override Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil) => silo.AskAsync(new(id, requests, validUntil));
    }
}

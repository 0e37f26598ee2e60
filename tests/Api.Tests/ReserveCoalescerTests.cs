using System.Threading.Channels;
using BoxOffice.Api.Reserving;
using Microsoft.Extensions.Time.Testing;

namespace BoxOffice.Api.Tests;

public sealed class ReserveCoalescerTests
{
    private static readonly ReserveRequest Ann = new("ann", null, 1);
    private static readonly ReserveRequest Key = new("kim", "key", 1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_call_to_an_idle_event_goes_out_at_once_and_alone()
    {
        var grain = new HeldGrain();
        var coalescer = Over(grain);

        var answer = coalescer.ReserveAsync("gala", Ann);

        Assert.Equal([1], grain.BatchSizes);
        grain.Release();
        Assert.Equal(ReserveStatus.Reserved, (await answer).Answer.Status);
    }

    [Fact]
    public async Task Calls_that_come_while_calls_are_under_way_go_out_together()
    {
        var grain = new HeldGrain();
        var coalescer = Over(grain, new() { CoalescerCallsMax = 2 });

        var answers = Enumerable.Range(0, 50).Select(i => coalescer.ReserveAsync("gala", new($"member{i}", null, i))).ToList();
        grain.Release();
        var results = await Task.WhenAll(answers);

        Assert.Equal([1, 1, 48], grain.BatchSizes);
        Assert.Equal(Enumerable.Range(0, 50), results.Select(result => result.Answer.Reservation!.Value.Quantity)); // each its own
    }

    [Fact]
    public async Task A_grain_call_is_never_larger_than_the_limit()
    {
        var grain = new HeldGrain();
        var coalescer = Over(grain, new() { CoalescerCallsMax = 1, CoalescerBatchMax = 8 });

        var answers = Enumerable.Range(0, 50).Select(_ => coalescer.ReserveAsync("gala", Ann)).ToList();
        grain.Release();
        await Task.WhenAll(answers);

        Assert.Equal(8, grain.BatchSizes.Max());
    }

    [Fact]
    public async Task More_calls_than_may_wait_are_not_applied_and_the_others_are_not_disturbed()
    {
        var grain = new HeldGrain();
        var coalescer = Over(grain, new() { CoalescerCallsMax = 1, CoalescerWaitingMax = 3 });

        var answers = Enumerable.Range(0, 4).Select(_ => coalescer.ReserveAsync("gala", Ann)).ToList();
        var refused = coalescer.ReserveAsync("gala", Ann);
        grain.Release();

        await Assert.ThrowsAsync<BusyException>(() => refused);
        Assert.All(await Task.WhenAll(answers), result => Assert.Equal(ReserveStatus.Reserved, result.Answer.Status));
    }

    [Fact]
    public async Task Whoever_came_first_is_decided_first()
    {
        var grain = new HeldGrain();
        var coalescer = Over(grain, new() { CoalescerBatchMax = 8 });

        var answers = Enumerable.Range(0, 50).Select(i => coalescer.ReserveAsync("gala", new($"member{i}", null, i))).ToList();
        grain.Release();
        await Task.WhenAll(answers);

        Assert.Equal(Enumerable.Range(0, 50), grain.Quantities);
    }

    [Fact]
    public async Task An_event_that_does_not_answer_holds_up_no_other()
    {
        var (stuck, other) = (new HeldGrain(), new HeldGrain());
        other.Release();
        var coalescer = Over(new FakeGrains(stuck, ("other", other)));

        var waiting = Enumerable.Range(0, 50).Select(_ => coalescer.ReserveAsync("stuck", Ann)).ToList();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => coalescer.ReserveAsync("other", Ann)));

        Assert.All(answers, answer => Assert.Equal(ReserveStatus.Reserved, answer.Answer.Status));
        Assert.DoesNotContain(waiting, one => one.IsCompleted);
        stuck.Release();
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task A_failed_grain_call_fails_the_calls_that_were_in_it_and_no_others()
    {
        var grain = new HeldGrain { Failures = { [2] = new TimeoutException() } };
        var coalescer = Over(grain, new() { CoalescerCallsMax = 1, CoalescerBatchMax = 2 });

        var answers = Enumerable.Range(0, 5).Select(_ => coalescer.ReserveAsync("gala", Ann)).ToList(); // 1, then 2, then 2
        grain.Release();

        await Assert.ThrowsAsync<TimeoutException>(() => _time.UntilAsync(answers[1]));
        await Assert.ThrowsAsync<TimeoutException>(() => answers[2]);
        Assert.Equal(ReserveStatus.Reserved, (await answers[0]).Answer.Status);
        Assert.Equal(ReserveStatus.Reserved, (await answers[4]).Answer.Status);
    }

    [Fact]
    public async Task What_was_not_done_is_asked_again_with_or_without_a_key()
    {
        var grain = new HeldGrain { Failures = { [1] = new NotAppliedException("The event is changing owners.") } };
        var coalescer = Over(grain);
        grain.Release();

        var answers = await _time.UntilAsync(Task.WhenAll(coalescer.ReserveAsync("gala", Ann), coalescer.ReserveAsync("gala", Key)));

        Assert.All(answers, answer => Assert.Equal(ReserveStatus.Reserved, answer.Answer.Status));
        Assert.True(grain.BatchSizes.Count >= 2);
    }

    [Fact]
    public async Task What_may_have_been_done_is_asked_again_only_with_a_key()
    {
        var grain = new HeldGrain { Failures = { [2] = new OutcomeUnknownException("Nobody knows.") } };
        var coalescer = Over(grain, new() { CoalescerCallsMax = 1 });

        var answers = new[] { Ann, Ann, Key }.Select(request => coalescer.ReserveAsync("gala", request)).ToList(); // 1, then 2
        grain.Release();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _time.UntilAsync(answers[1]));
        Assert.Equal(ReserveStatus.Reserved, (await answers[2]).Answer.Status);
        Assert.Equal([1, 2, 1], grain.BatchSizes);
    }

    [Fact]
    public async Task When_a_silo_is_silent_a_call_with_a_key_is_asked_again_and_one_without_waits_for_it()
    {
        var grain = new HeldGrain { AnswersFromCall = 3 };
        var coalescer = Over(grain, new() { CoalescerCallsMax = 1 });

        var first = coalescer.ReserveAsync("gala", Ann);
        var (without, with) = (coalescer.ReserveAsync("gala", Ann), coalescer.ReserveAsync("gala", Key));
        var answer = await _time.UntilAsync(with);
        var cameEarly = first.IsCompleted || without.IsCompleted;
        grain.Release();

        Assert.Equal(ReserveStatus.Reserved, answer.Answer.Status);
        Assert.False(cameEarly);
        Assert.All(await Task.WhenAll(first, without), late => Assert.Equal(ReserveStatus.Reserved, late.Answer.Status));
        Assert.Equal([1, 2, 1], grain.BatchSizes);
    }

    [Fact]
    public async Task A_refusal_by_an_attempt_that_was_given_up_is_not_told_for_the_next_may_sell()
    {
        var grain = new AskedGrain();

        var answer = Over(grain).ReserveAsync("gala", Key);
        var first = await grain.NextCallAsync();
        var second = await _time.UntilAsync(grain.NextCallAsync());
        first.SetResult(ReserveStatus.AllHeld);
        await FakeTime.SettleAsync();
        var cameEarly = answer.IsCompleted;
        second.SetResult(ReserveStatus.Reserved);

        Assert.False(cameEarly);
        Assert.Equal(ReserveStatus.Reserved, (await answer).Answer.Status);
    }

    [Fact]
    public async Task A_failure_of_an_attempt_that_was_given_up_is_not_told_for_the_next_may_sell()
    {
        var grain = new AskedGrain();

        var answer = Over(grain).ReserveAsync("gala", Key);
        var first = await grain.NextCallAsync();
        var second = await _time.UntilAsync(grain.NextCallAsync());
        first.SetException(new BusyException("Too many calls wait for this event."));
        await FakeTime.SettleAsync();
        var cameEarly = answer.IsCompleted;
        second.SetResult(ReserveStatus.Reserved);

        Assert.False(cameEarly);
        Assert.Equal(ReserveStatus.Reserved, (await answer).Answer.Status);
    }

    [Fact]
    public async Task A_sale_by_an_attempt_that_was_given_up_is_told_at_once()
    {
        var grain = new AskedGrain();

        var answer = Over(grain).ReserveAsync("gala", Key);
        var first = await grain.NextCallAsync();
        var second = await _time.UntilAsync(grain.NextCallAsync());
        first.SetResult(ReserveStatus.Reserved);
        var told = await answer;
        second.SetResult(ReserveStatus.AllHeld);

        Assert.Equal(ReserveStatus.Reserved, told.Answer.Status);
    }

    [Fact]
    public async Task Whoever_is_refused_while_an_earlier_attempt_may_still_sell_is_asked_again()
    {
        var grain = new AskedGrain();

        var answer = Over(grain).ReserveAsync("gala", Key);
        await grain.NextCallAsync(); // its answer is lost
        (await _time.UntilAsync(grain.NextCallAsync())).SetResult(ReserveStatus.AllHeld);
        var third = await _time.UntilAsync(grain.NextCallAsync());
        var cameEarly = answer.IsCompleted;
        third.SetResult(ReserveStatus.Reserved);

        Assert.False(cameEarly);
        Assert.Equal(ReserveStatus.Reserved, (await answer).Answer.Status);
    }

    [Fact]
    public async Task A_refusal_holds_once_no_earlier_attempt_is_valid_on_any_clock()
    {
        var grain = new AskedGrain();
        var begunAt = _time.GetTimestamp();

        var answer = Over(grain, new() { AttemptTimeout = TimeSpan.FromSeconds(2) }).ReserveAsync("gala", Key);
        await grain.NextCallAsync(); // its answer is lost
        (await _time.UntilAsync(grain.NextCallAsync())).SetResult(ReserveStatus.AllHeld);
        var third = await _time.UntilAsync(grain.NextCallAsync());
        var (waited, cameEarly) = (_time.GetElapsedTime(begunAt), answer.IsCompleted);
        third.SetResult(ReserveStatus.AllHeld);

        Assert.False(cameEarly);
        Assert.True(waited >= TimeSpan.FromSeconds(4)); // together: an attempt, and twice the difference of clocks
        Assert.Equal(ReserveStatus.AllHeld, (await answer.WaitAsync(TimeSpan.FromSeconds(10))).Answer.Status);
    }

    [Fact]
    public async Task Whoever_waits_to_be_asked_for_again_after_a_refusal_holds_up_nobody()
    {
        var grain = new AskedGrain();
        var coalescer = Over(grain);
        var kim = coalescer.ReserveAsync("gala", Key);
        await grain.NextCallAsync(); // its answer is lost
        (await _time.UntilAsync(grain.NextCallAsync())).SetResult(ReserveStatus.AllHeld);
        await FakeTime.SettleAsync();

        var ann = coalescer.ReserveAsync("gala", Ann);
        var call = await grain.NextCallAsync(); // no time has passed
        call.SetResult(ReserveStatus.Reserved);

        Assert.Equal("ann", Assert.Single(call.Requests).MemberId);
        Assert.Equal(ReserveStatus.Reserved, (await ann.WaitAsync(TimeSpan.FromSeconds(10))).Answer.Status);
        Assert.False(kim.IsCompleted);
    }

    [Fact]
    public async Task A_second_request_with_the_same_key_is_not_refused_while_an_attempt_of_the_first_may_still_sell()
    {
        var grain = new AskedGrain();
        var coalescer = Over(grain);
        var first = coalescer.ReserveAsync("gala", Key);
        await grain.NextCallAsync(); // its answer is lost, and it may be carried out late

        var second = coalescer.ReserveAsync("gala", Key);
        (await _time.UntilAsync(grain.NextCallAsync())).SetResult(ReserveStatus.AllHeld);
        var again = await _time.UntilAsync(grain.NextCallAsync());
        var cameEarly = first.IsCompleted || second.IsCompleted;
        again.SetResult(ReserveStatus.Reserved); // what the late attempt of the first has sold
        (await _time.UntilAsync(grain.NextCallAsync())).SetResult(ReserveStatus.Reserved); // of the second request

        Assert.False(cameEarly);
        Assert.Equal(ReserveStatus.Reserved, (await first.WaitAsync(TimeSpan.FromSeconds(10))).Answer.Status);
        Assert.Equal(ReserveStatus.Reserved, (await second.WaitAsync(TimeSpan.FromSeconds(10))).Answer.Status);
    }

    [Fact]
    public async Task Requests_with_one_key_are_decided_one_after_the_other_and_those_with_another_do_not_wait()
    {
        var grain = new AskedGrain();
        var coalescer = Over(grain, new() { CoalescerCallsMax = 8 });

        var first = coalescer.ReserveAsync("gala", Key);
        var others = new[] { Key, Key, Key with { Key = "another" }, Key with { MemberId = "lee" } }.Select(request => coalescer.ReserveAsync("gala", request)).ToList();
        var calls = new[] { await grain.NextCallAsync(), await grain.NextCallAsync(), await grain.NextCallAsync() };
        await FakeTime.SettleAsync();
        var cameEarly = others.Exists(other => other.IsCompleted);
        foreach (var call in calls) call.SetResult(ReserveStatus.Reserved);
        for (var i = 0; i < 2; i++) (await grain.NextCallAsync()).SetResult(ReserveStatus.Reserved);

        Assert.False(cameEarly);
        Assert.All(await Task.WhenAll([first, .. others]), decided => Assert.Equal(ReserveStatus.Reserved, decided.Answer.Status));
    }

    [Fact]
    public async Task Unknown_is_told_once_no_attempt_can_be_carried_out_any_more()
    {
        var grain = new HeldGrain { Failures = { [1] = new OutcomeUnknownException("Nobody knows.") } };
        var options = new ApiOptions();
        var begunAt = _time.GetTimestamp();
        grain.Release();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _time.UntilAsync(Over(grain, options).ReserveAsync("gala", Ann)));

        Assert.True(_time.GetElapsedTime(begunAt) >= options.AttemptValidity + ApiOptions.ClockDifferenceMax);
    }

    [Fact]
    public async Task A_late_answer_that_nothing_was_done_lets_a_call_without_a_key_be_asked_again()
    {
        var grain = new HeldGrain { AnswersFromCall = 2, Failures = { [1] = new NotAppliedException("The call came too late.") } };

        var answer = Over(grain).ReserveAsync("gala", Ann);
        await _time.PassAsync(TimeSpan.FromSeconds(2)); // longer than an attempt
        var cameEarly = answer.IsCompleted;
        grain.Release();

        Assert.False(cameEarly);
        Assert.Equal(ReserveStatus.Reserved, (await _time.UntilAsync(answer)).Answer.Status);
        Assert.Equal([1, 1], grain.BatchSizes);
    }

    [Fact]
    public async Task A_call_is_valid_for_its_attempt_and_the_difference_of_clocks()
    {
        var grain = new HeldGrain();
        grain.Release();
        var before = _time.GetUtcNow();

        await Over(grain, new() { AttemptTimeout = TimeSpan.FromSeconds(3) }).ReserveAsync("gala", Ann);

        Assert.Equal(TimeSpan.FromSeconds(4), grain.ValidUntil - before);
    }

    [Fact]
    public async Task A_doubt_is_not_taken_back_by_a_later_attempt_that_did_nothing()
    {
        var grain = new HeldGrain { Failures = { [1] = new TimeoutException() }, FailsFromCall = 2 };
        var coalescer = Over(grain);
        grain.Release();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _time.UntilAsync(coalescer.ReserveAsync("gala", Key)));

        Assert.True(grain.BatchSizes.Count >= 2);
    }

    [Fact]
    public async Task A_call_that_was_never_done_until_its_time_is_over_is_told_so()
    {
        var grain = new HeldGrain { FailsFromCall = 1 };
        var coalescer = Over(grain);
        grain.Release();

        await Assert.ThrowsAsync<NotAppliedException>(() => _time.UntilAsync(coalescer.ReserveAsync("gala", Key)));
    }

    [Fact]
    public async Task An_event_that_is_busy_is_not_asked_again()
    {
        var grain = new HeldGrain { Failures = { [1] = new BusyException("Too many calls wait for this event.") } };
        var coalescer = Over(grain);
        grain.Release();

        await Assert.ThrowsAsync<BusyException>(() => coalescer.ReserveAsync("gala", Key));

        Assert.Equal([1], grain.BatchSizes);
    }

    [Fact]
    public async Task A_call_that_waited_too_long_was_not_sent_and_is_told_so()
    {
        var grain = new HeldGrain();
        var coalescer = Over(grain, new() { CoalescerCallsMax = 1, AttemptTimeout = TimeSpan.FromMinutes(1) });

        var sent = coalescer.ReserveAsync("gala", Ann);
        var waiting = coalescer.ReserveAsync("gala", Ann);
        await _time.PassAsync(TimeSpan.FromSeconds(10.1));
        grain.Release();

        Assert.Equal(ReserveStatus.Reserved, (await sent).Answer.Status);
        await Assert.ThrowsAsync<NotAppliedException>(() => waiting);
        Assert.Equal([1], grain.BatchSizes);
    }

    [Fact]
    public async Task An_event_that_is_idle_takes_no_memory()
    {
        var grain = new HeldGrain();
        grain.Release();
        var coalescer = Over(grain);

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => coalescer.ReserveAsync($"made-up-{i}", Ann)));
        await Testing.Wait.UntilAsync("all queues have ended", () => Task.FromResult(coalescer.EventCount == 0));
    }

    [Fact]
    public async Task Every_call_gets_exactly_one_answer_while_queues_end_and_begin()
    {
        var grain = new HeldGrain();
        grain.Release();
        var coalescer = Over(grain);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            await Task.Yield();
            var quantities = new List<int>();
            for (var i = 0; i < 5_000; i++) quantities.Add((await coalescer.ReserveAsync("gala", new("ann", null, i))).Answer.Reservation!.Value.Quantity);
            return quantities;
        }));

        Assert.All(results, quantities => Assert.Equal(Enumerable.Range(0, 5_000), quantities));
        Assert.Equal(40_000, grain.BatchSizes.Sum());
    }

    [Fact]
    public async Task An_answer_says_how_long_the_call_waited_and_one_of_a_batch_how_many_went_together()
    {
        var grain = new HeldGrain { Turn = TimeSpan.FromMilliseconds(1), Store = TimeSpan.FromMilliseconds(2) };
        var coalescer = Over(grain);

        var answers = Enumerable.Range(0, 10).Select(_ => coalescer.ReserveAsync("gala", Ann)).ToList();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        var backlog = coalescer.Backlog();
        grain.Release();
        var decided = await Task.WhenAll(answers);

        Assert.Equal((9, TimeSpan.FromMilliseconds(20)), backlog);
        Assert.Equal([1, 9], decided.Select(one => one.BatchCalls).Where(calls => calls > 0));
        Assert.All(decided, one => Assert.Equal((17, 1, 2), (one.Queue.TotalMilliseconds, one.Turn.TotalMilliseconds, one.Store.TotalMilliseconds)));
        Assert.Equal((0, TimeSpan.Zero), coalescer.Backlog());
    }

    private ReserveCoalescer Over(ITicketEventGrain grain, ApiOptions? options = null) => FrontEnd.Over(grain, options, _time).Coalescer;

    private ReserveCoalescer Over(IGrainFactory events) => FrontEnd.Over(events, time: _time).Coalescer;

    /// <summary>An event whose calls are answered one by one.</summary>
    private sealed class AskedGrain : FakeEvent
    {
        private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();

        public Task<Call> NextCallAsync() =>
            _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        public override async Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil)
        {
            var answer = new Call(requests);
            _calls.Writer.TryWrite(answer);
            var status = await answer.Task;
            Reservation? reservation = status == ReserveStatus.Reserved ? new Reservation(1, 1, ReservationState.Confirmed, default, null) : null;
            return new(Array.ConvertAll(requests, _ => new ReserveResult(status, reservation)), "");
        }

        public sealed class Call(ReserveRequest[] requests) : TaskCompletionSource<ReserveStatus>
        {
            public ReserveRequest[] Requests => requests;
        }
    }

    /// <summary>An event that answers when it is told to, with the quantity that it was asked for.</summary>
    private sealed class HeldGrain : FakeEvent
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> BatchSizes { get; } = [];

        /// <summary>Of all requests, in their order.</summary>
        public List<int> Quantities { get; } = [];

        /// <summary>What the n-th call throws.</summary>
        public Dictionary<int, Exception> Failures { get; } = [];

        public DateTimeOffset ValidUntil { get; private set; }

        public TimeSpan Turn { get; init; }

        public TimeSpan Store { get; init; }

        /// <summary>From this call on nobody waits for <see cref="Release"/>.</summary>
        public int AnswersFromCall { get; init; } = int.MaxValue;

        /// <summary>From this call on nothing is done.</summary>
        public int FailsFromCall { get; init; } = int.MaxValue;

        public void Release() => _released.SetResult();

        public override async Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil)
        {
            int call;
            ValidUntil = validUntil;
            lock (BatchSizes)
            {
                BatchSizes.Add(requests.Length);
                Quantities.AddRange(requests.Select(request => request.Quantity));
                call = BatchSizes.Count;
            }
            if (call < AnswersFromCall) await _released.Task;
            if (call >= FailsFromCall) throw new NotAppliedException("The event is changing owners.");
            if (Failures.TryGetValue(call, out var failure)) throw failure;
            return new(Array.ConvertAll(requests, request => new ReserveResult(
                ReserveStatus.Reserved, new Reservation(1, request.Quantity, ReservationState.Confirmed, default, null))), "", Turn: Turn, Store: Store);
        }
    }
}

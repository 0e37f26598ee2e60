using BoxOffice.Api.Reserving;

namespace BoxOffice.Api.Tests;

public sealed class ReserveCoalescerTests
{
    private static readonly ReserveRequest Ann = new("ann", null, 1);

    private readonly FakeTime _time = new();

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
    public async Task Calls_that_arrive_while_calls_are_under_way_are_sent_together()
    {
        var grain = new HeldGrain();
        var coalescer = Over(grain, new() { CoalescerCallsMax = 2 });

        var answers = Enumerable.Range(0, 50)
            .Select(i => coalescer.ReserveAsync("gala", new($"member{i}", null, i)))
            .ToList();
        grain.Release();
        var results = await Task.WhenAll(answers);

        Assert.Equal([1, 1, 48], grain.BatchSizes);
        Assert.Equal(Enumerable.Range(0, 50), results.Select(result => result.Answer.Reservation!.Value.Quantity));
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
    public async Task Calls_are_decided_in_the_order_of_arrival()
    {
        var grain = new HeldGrain();
        var coalescer = Over(grain, new() { CoalescerBatchMax = 8 });

        var answers = Enumerable.Range(0, 50)
            .Select(i => coalescer.ReserveAsync("gala", new($"member{i}", null, i)))
            .ToList();
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
        Assert.DoesNotContain(waiting, call => call.IsCompleted);
        stuck.Release();
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task A_failed_grain_call_fails_the_calls_that_were_in_it_and_no_others()
    {
        var grain = new HeldGrain { Failures = { [2] = new TimeoutException() } };
        var coalescer = Over(grain, new() { CoalescerCallsMax = 1, CoalescerBatchMax = 2 });

        // 1, then 2, then 2
        var answers = Enumerable.Range(0, 5).Select(_ => coalescer.ReserveAsync("gala", Ann)).ToList();
        grain.Release();

        await Assert.ThrowsAsync<TimeoutException>(() => _time.UntilAsync(answers[1]));
        await Assert.ThrowsAsync<TimeoutException>(() => answers[2]);
        Assert.Equal(ReserveStatus.Reserved, (await answers[0]).Answer.Status);
        Assert.Equal(ReserveStatus.Reserved, (await answers[4]).Answer.Status);
    }

    [Fact]
    public async Task A_call_that_waited_too_long_is_not_sent_and_fails_as_not_applied()
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
            for (var i = 0; i < 5_000; i++)
                quantities.Add(
                    (await coalescer.ReserveAsync("gala", new("ann", null, i))).Answer.Reservation!.Value.Quantity);
            return quantities;
        }));

        Assert.All(results, quantities => Assert.Equal(Enumerable.Range(0, 5_000), quantities));
        Assert.Equal(40_000, grain.BatchSizes.Sum());
    }

    [Fact]
    public async Task An_answer_has_the_times_of_its_call_and_the_first_of_a_batch_the_number_of_calls()
    {
        var grain = new HeldGrain { Turn = TimeSpan.FromMilliseconds(1), Store = TimeSpan.FromMilliseconds(2) };
        var coalescer = Over(grain);

        var answers = Enumerable.Range(0, 10).Select(_ => coalescer.ReserveAsync("gala", Ann)).ToList();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        var backlog = coalescer.Backlog();
        grain.Release();
        var decided = await Task.WhenAll(answers);

        Assert.Equal((9, TimeSpan.FromMilliseconds(20)), backlog);
        Assert.Equal([1, 9], decided.Select(call => call.BatchCalls).Where(calls => calls > 0));
        Assert.All(
            decided,
            call => Assert.Equal(
                (17, 1, 2), (call.Queue.TotalMilliseconds, call.Turn.TotalMilliseconds, call.Store.TotalMilliseconds)));
        Assert.Equal((0, TimeSpan.Zero), coalescer.Backlog());
    }

    private ReserveCoalescer Over(ITicketEventGrain grain, ApiOptions? options = null) =>
        FrontEnd.Over(grain, options, _time).Coalescer;

    private ReserveCoalescer Over(IGrainFactory events) => FrontEnd.Over(events, time: _time).Coalescer;
}

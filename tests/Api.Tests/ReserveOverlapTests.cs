using BoxOffice.Api.Reserving;

namespace BoxOffice.Api.Tests;

/// <summary>Attempts of one call that overlap.</summary>
public sealed class ReserveOverlapTests
{
    private static readonly ReserveRequest Ann = new("ann", null, 1);
    private static readonly ReserveRequest Key = new("kim", "key", 1);

    private readonly FakeTime _time = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_by_an_abandoned_attempt_is_not_returned_because_the_next_may_sell(bool byException)
    {
        var grain = new AskedGrain();

        var answer = Over(grain).ReserveAsync("gala", Key);
        var first = await grain.NextCallAsync();
        var second = await _time.UntilAsync(grain.NextCallAsync());
        if (byException) first.SetException(new BusyException("Too many calls wait for this event."));
        else first.SetResult(ReserveStatus.AllHeld);
        await FakeTime.SettleAsync();
        var cameEarly = answer.IsCompleted;
        second.SetResult(ReserveStatus.Reserved);

        Assert.False(cameEarly);
        Assert.Equal(ReserveStatus.Reserved, (await answer).Answer.Status);
    }

    [Fact]
    public async Task A_sale_by_an_abandoned_attempt_is_returned_at_once()
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
    public async Task A_refused_call_is_retried_while_an_earlier_attempt_may_still_sell()
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
    public async Task A_call_that_waits_for_its_retry_delays_no_other()
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
        ReserveRequest[] requests = [Key, Key, Key with { Key = "another" }, Key with { MemberId = "lee" }];
        var others = requests.Select(request => coalescer.ReserveAsync("gala", request)).ToList();
        var calls = new[] { await grain.NextCallAsync(), await grain.NextCallAsync(), await grain.NextCallAsync() };
        await FakeTime.SettleAsync();
        var cameEarly = others.Exists(other => other.IsCompleted);
        foreach (var call in calls) call.SetResult(ReserveStatus.Reserved);
        for (var i = 0; i < 2; i++) (await grain.NextCallAsync()).SetResult(ReserveStatus.Reserved);

        Assert.False(cameEarly);
        Assert.All(
            await Task.WhenAll([first, .. others]),
            decided => Assert.Equal(ReserveStatus.Reserved, decided.Answer.Status));
    }

    private ReserveCoalescer Over(ITicketEventGrain grain, ApiOptions? options = null) =>
        FrontEnd.Over(grain, options, _time).Coalescer;
}

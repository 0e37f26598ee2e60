using BoxOffice.Api.Reserving;

namespace BoxOffice.Api.Tests;

/// <summary>Which failed calls the coalescer retries, and what their callers learn.</summary>
public sealed class ReserveRetryTests
{
    private static readonly ReserveRequest Ann = new("ann", null, 1);
    private static readonly ReserveRequest Key = new("kim", "key", 1);

    private readonly FakeTime _time = new();

    [Fact]
    public async Task A_call_that_was_not_carried_out_is_retried_with_or_without_a_key()
    {
        var grain = new HeldGrain { Failures = { [1] = new NotAppliedException("The event is changing owners.") } };
        var coalescer = Over(grain);
        grain.Release();

        var answers = await _time.UntilAsync(
            Task.WhenAll(coalescer.ReserveAsync("gala", Ann), coalescer.ReserveAsync("gala", Key)));

        Assert.All(answers, answer => Assert.Equal(ReserveStatus.Reserved, answer.Answer.Status));
        Assert.True(grain.BatchSizes.Count >= 2);
    }

    [Fact]
    public async Task A_call_that_may_have_been_carried_out_is_retried_only_with_a_key()
    {
        var grain = new HeldGrain { Failures = { [2] = new OutcomeUnknownException("Nobody knows.") } };
        var coalescer = Over(grain, new() { CoalescerCallsMax = 1 });

        // 1, then 2
        var answers = new[] { Ann, Ann, Key }.Select(request => coalescer.ReserveAsync("gala", request)).ToList();
        grain.Release();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _time.UntilAsync(answers[1]));
        Assert.Equal(ReserveStatus.Reserved, (await answers[2]).Answer.Status);
        Assert.Equal([1, 2, 1], grain.BatchSizes);
    }

    [Fact]
    public async Task When_a_silo_is_silent_a_call_with_a_key_is_retried_and_one_without_waits_for_it()
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
        Assert.All(
            await Task.WhenAll(first, without), late => Assert.Equal(ReserveStatus.Reserved, late.Answer.Status));
        Assert.Equal([1, 2, 1], grain.BatchSizes);
    }

    [Fact]
    public async Task An_unknown_outcome_is_reported_once_no_attempt_can_still_be_carried_out()
    {
        var grain = new HeldGrain { Failures = { [1] = new OutcomeUnknownException("Nobody knows.") } };
        var options = new ApiOptions();
        var begunAt = _time.GetTimestamp();
        grain.Release();

        await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => _time.UntilAsync(Over(grain, options).ReserveAsync("gala", Ann)));

        Assert.True(_time.GetElapsedTime(begunAt) >= options.AttemptValidity + ApiOptions.ClockDifferenceMax);
    }

    [Fact]
    public async Task A_late_answer_that_nothing_was_done_lets_a_call_without_a_key_be_retried()
    {
        var tooLate = new NotAppliedException("The call came too late.");
        var grain = new HeldGrain { AnswersFromCall = 2, Failures = { [1] = tooLate } };

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
    public async Task A_call_that_was_never_carried_out_within_its_time_fails_as_not_applied()
    {
        var grain = new HeldGrain { FailsFromCall = 1 };
        var coalescer = Over(grain);
        grain.Release();

        await Assert.ThrowsAsync<NotAppliedException>(() => _time.UntilAsync(coalescer.ReserveAsync("gala", Key)));
    }

    [Fact]
    public async Task A_busy_event_is_not_retried()
    {
        var grain = new HeldGrain { Failures = { [1] = new BusyException("Too many calls wait for this event.") } };
        var coalescer = Over(grain);
        grain.Release();

        await Assert.ThrowsAsync<BusyException>(() => coalescer.ReserveAsync("gala", Key));

        Assert.Equal([1], grain.BatchSizes);
    }

    private ReserveCoalescer Over(ITicketEventGrain grain, ApiOptions? options = null) =>
        FrontEnd.Over(grain, options, _time).Coalescer;
}

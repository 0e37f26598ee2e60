using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Tests;

public sealed class BatchSenderTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly FakeTime _time = new();
    private readonly FakeSilo _silo;

    public BatchSenderTests() => _silo = new(_time);

    [Fact]
    public async Task A_call_that_arrives_while_no_message_is_under_way_is_sent_at_once_as_an_ordinary_call()
    {
        var gala = ReserveAsync(Owning("gala"), "gala");

        Assert.Equal(["gala:1"], _silo.Messages);
        _silo.Release("gala");
        await IsAnsweredAsync(gala, 1);
    }

    [Fact]
    public async Task Calls_that_arrive_while_a_message_is_under_way_are_sent_together_and_each_gets_its_own_answer()
    {
        var frontEnd = Owning("first", "event1", "event2", "event3", "event4", "event5");
        var first = ReserveAsync(frontEnd, "first");
        var others = Enumerable.Range(1, 5)
            .Select(number => ReserveAsync(frontEnd, $"event{number}", calls: number))
            .ToList();

        _silo.ReleaseAll();

        await IsAnsweredAsync(first, 1);
        for (var number = 1; number <= 5; number++)
            await IsAnsweredAsync(others[number - 1], [.. Enumerable.Range(1, number)]);
        Assert.Equal(["first:1", "event1:1 event2:2 event3:3 event4:4 event5:5"], _silo.Messages);
    }

    [Fact]
    public async Task A_message_with_enough_calls_takes_no_further_event()
    {
        var frontEnd = Owning(new ApiOptions { CoalescerBatchMax = 4 }, "first", "a", "b", "c");
        var first = ReserveAsync(frontEnd, "first");
        var asked = new[] { "a", "b", "c" }.Select(id => ReserveAsync(frontEnd, id, calls: 3)).ToList();

        _silo.ReleaseAll();
        await Task.WhenAll([first, .. asked]);

        Assert.Equal(["first:1", "a:3 b:3", "c:3"], _silo.Messages);
    }

    [Fact]
    public async Task An_event_that_is_late_holds_up_no_other_and_is_answered_when_it_answers()
    {
        var frontEnd = Owning("first", "stuck", "other");
        var first = ReserveAsync(frontEnd, "first");
        var (stuck, other) = (ReserveAsync(frontEnd, "stuck"), ReserveAsync(frontEnd, "other"));
        _silo.Release("first");
        _silo.Release("other");

        await IsAnsweredAsync(_time.UntilAsync(other), 1);
        await IsAnsweredAsync(_time.UntilAsync(ReserveAsync(frontEnd, "other")), 1); // and messages go on
        Assert.False(stuck.IsCompleted);
        _silo.Release("stuck");

        await IsAnsweredAsync(stuck, 1);
        await first;
    }

    [Fact]
    public async Task An_exception_of_one_event_reaches_its_buyers_only()
    {
        _silo.Failures["broken"] = new BusyException("Too many calls wait for this event.");
        var frontEnd = Owning("first", "broken", "other");
        var first = ReserveAsync(frontEnd, "first");
        var (broken, other) = (ReserveAsync(frontEnd, "broken"), ReserveAsync(frontEnd, "other"));
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
        var first = ReserveAsync(frontEnd, "first");
        var (broken, other) = (ReserveAsync(frontEnd, "broken"), ReserveAsync(frontEnd, "other"));
        _silo.Release("first");
        _silo.Release("other");
        await _time.UntilAsync(other);
        _silo.Release("broken");

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _time.UntilAsync(broken));
        await first;
    }

    [Fact]
    public async Task A_pending_result_that_cannot_be_fetched_leaves_the_outcome_unknown()
    {
        _silo.FetchFailure = new BusyException("Too many messages.");
        var frontEnd = Owning("first", "stuck", "other");
        var first = ReserveAsync(frontEnd, "first");
        var (stuck, other) = (ReserveAsync(frontEnd, "stuck"), ReserveAsync(frontEnd, "other"));
        _silo.Release("first");
        _silo.Release("other");

        await IsAnsweredAsync(_time.UntilAsync(other), 1);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _time.UntilAsync(stuck));
        await first;
    }

    [Fact]
    public async Task A_failed_message_fails_all_its_calls_and_the_next_message_is_sent()
    {
        var frontEnd = Owning("first", "one", "other");
        var first = ReserveAsync(frontEnd, "first");
        var (one, other) = (ReserveAsync(frontEnd, "one"), ReserveAsync(frontEnd, "other"));
        _silo.MessageFailure = new TimeoutException("The silo is gone.");
        _silo.Release("first");

        await Assert.ThrowsAsync<TimeoutException>(() => _time.UntilAsync(one));
        await Assert.ThrowsAsync<TimeoutException>(() => _time.UntilAsync(other));
        _silo.ReleaseAll();
        await IsAnsweredAsync(ReserveAsync(frontEnd, "one"), 1);
        await first;
    }

    [Fact]
    public async Task A_silo_that_hangs_holds_up_the_next_message_for_a_moment_only()
    {
        var frontEnd = Owning("stuck", "other");
        var stuck = ReserveAsync(frontEnd, "stuck");
        var other = ReserveAsync(frontEnd, "other");
        Assert.Equal(["stuck:1"], _silo.Messages);

        _silo.Release("other");
        await _time.PassAsync(IReserveBatchGrain.Patience);

        await IsAnsweredAsync(other, 1);
        Assert.False(stuck.IsCompleted);
        _silo.Release("stuck");
        await stuck;
    }

    [Fact]
    public async Task A_queue_without_waiting_callers_delays_no_other()
    {
        var frontEnd = Owning(
            new ApiOptions { ResponseTimeout = TimeSpan.FromMilliseconds(20) }, "first", "late", "gala");
        var first = ReserveAsync(frontEnd, "first");
        var late = ReserveAsync(frontEnd, "late");
        await _time.PassAsync(TimeSpan.FromMilliseconds(25)); // less than a silo that hangs holds up others
        _silo.ReleaseAll();

        await Assert.ThrowsAsync<NotAppliedException>(() => late);
        await IsAnsweredAsync(ReserveAsync(frontEnd, "gala"), 1);
        Assert.Equal(["first:1", "gala:1"], _silo.Messages);
        await first;
    }

    /// <summary>A front-end that knows that its silo owns these events.</summary>
    private FrontEnd Owning(params string[] eventIds) => Owning(new ApiOptions(), eventIds);

    private FrontEnd Owning(ApiOptions options, params string[] eventIds)
    {
        var frontEnd = FrontEnd.Over(new SiloConnection(FakeSilo.Gateway, _silo.Grains, _silo), options, _time);
        foreach (var id in eventIds) frontEnd.Router.Learn(id, FakeSilo.Gateway);
        return frontEnd;
    }

    /// <summary>Asks for 1, 2, 3 … tickets of an event; gives back what was reserved.</summary>
    private static async Task<int[]> ReserveAsync(FrontEnd frontEnd, string eventId, int calls = 1)
    {
        var asked = Enumerable.Range(1, calls)
            .Select(quantity => frontEnd.Coalescer.ReserveAsync(eventId, new("ann", null, quantity)))
            .ToList();
        return Array.ConvertAll(
            await Task.WhenAll(asked).WaitAsync(Soon), decided => decided.Answer.Reservation!.Value.Quantity);
    }

    private static async Task IsAnsweredAsync(Task<int[]> answer, params int[] quantities) =>
        Assert.Equal(quantities, await answer);
}

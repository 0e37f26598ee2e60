using BoxOffice.Grains.Events;

namespace BoxOffice.Grains.Tests.Grain;

public sealed class ReserveBatchGrainTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Each_event_is_called_and_its_answers_are_in_the_order_of_the_calls()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 10);
        await cluster.EventOf("opera").Open(new("Opera", Capacity: 1), "operator");

        var answers = await cluster.Batches.Reserve(
            [Calls(Cluster.EventId, "ann", "bob"), Calls("opera", "cid", "dot"), Calls("made-up", "eve")]);

        Assert.Equal(
            [
                [ReserveStatus.Reserved, ReserveStatus.Reserved],
                [ReserveStatus.Reserved, ReserveStatus.SoldOut],
                [ReserveStatus.EventNotFound],
            ],
            answers.Select(StatusesOf));
        Assert.Equal(["ann", "bob"], cluster.Journal.Entries(Cluster.EventId).Skip(1).Select(entry => entry.Actor));
    }

    [Fact]
    public async Task What_an_event_throws_is_its_answer_and_the_others_have_theirs()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 10);

        var answers = await cluster.Batches.Reserve(
            [Calls("made-up", "ann") with { ValidUntil = DateTimeOffset.UnixEpoch }, Calls(Cluster.EventId, "bob")]);

        Assert.IsType<NotAppliedException>(answers[0].Failure);
        Assert.Equal([ReserveStatus.Reserved], StatusesOf(answers[1]));
    }

    [Fact]
    public async Task A_slow_event_delays_no_other_and_its_answer_can_be_fetched_once()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 10);
        cluster.Journal.Hold();

        var answers = await cluster.Batches.Reserve([Calls(Cluster.EventId, "ann"), Calls("made-up", "bob")])
            .WaitAsync(Soon);
        var late = cluster.Batches.Pending(answers[0].PendingId!.Value);
        await Task.WhenAny(late, Task.Delay(100)); // long enough for an answer that does not wait
        var cameEarly = late.IsCompleted;
        cluster.Journal.Release();

        Assert.Equal([ReserveStatus.EventNotFound], StatusesOf(answers[1]));
        Assert.False(cameEarly);
        Assert.Equal([ReserveStatus.Reserved], StatusesOf(await late.WaitAsync(Soon)));
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => cluster.Batches.Pending(answers[0].PendingId!.Value));
    }

    [Fact]
    public async Task A_pending_answer_that_is_not_fetched_is_forgotten()
    {
        var time = new OneShortWait(PendingResults.KeptFor);
        var late = new PendingResults(time);
        var number = late.Keep(Task.FromResult(new BatchAnswer()));

        await time.IsOver.WaitAsync(Soon);

        Assert.Null(late.Take(number));
    }

    private static EventCalls Calls(string eventId, params string[] memberIds) =>
        new(eventId, Array.ConvertAll(memberIds, id => new ReserveRequest(id, null, 1)), DateTimeOffset.MaxValue);

    private static ReserveStatus[] StatusesOf(BatchAnswer answer) =>
        Array.ConvertAll(answer.Results!.Value.Results, result => result.Status);

    /// <summary>Time in which one wait is short.</summary>
    private sealed class OneShortWait(TimeSpan wait) : TimeProvider
    {
        private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsOver => _isOver.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != wait) return base.CreateTimer(callback, state, dueTime, period);
            return base.CreateTimer(given =>
            {
                callback(given);
                _isOver.TrySetResult();
            }, state, TimeSpan.FromMilliseconds(50), period);
        }
    }
}

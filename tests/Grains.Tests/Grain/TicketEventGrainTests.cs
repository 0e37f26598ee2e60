namespace BoxOffice.Grains.Tests.Grain;

/// <summary>The grain decides in memory and answers when durable.</summary>
public sealed class TicketEventGrainTests
{
    [Fact]
    public async Task An_operators_call_that_comes_too_late_changes_nothing()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 2);
        var past = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1);

        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.Event.Change(new(Capacity: 5), "operator", past));
        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.Event.Pause("operator", past));
        await cluster.Event.Pause("operator");
        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.Event.Resume("operator", past));

        var status = (await cluster.Event.Status())!;
        Assert.Equal((2, SaleState.Paused), (status.Available, status.State));
    }

    [Fact]
    public async Task An_answer_waits_for_the_commit()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1);
        cluster.Journal.Hold();

        var answer = cluster.ReserveAsync("ann");
        await Task.WhenAny(answer, Task.Delay(200)); // longer than an answer that does not wait
        var cameEarly = answer.IsCompleted;
        cluster.Journal.Release();

        Assert.False(cameEarly);
        Assert.Equal(ReserveStatus.Reserved, (await answer).Status);
        Assert.Equal(2, cluster.Journal.Entries(Cluster.EventId).Count);
    }

    [Fact]
    public async Task A_refusal_waits_for_the_entry_that_it_depends_on()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1);
        cluster.Journal.Hold();

        var sold = cluster.ReserveAsync("ann");
        await Poll.UntilAsync(() => cluster.Journal.BatchSizes.Count == 2); // the opening, and this one in flight
        var refused = cluster.ReserveAsync("bob");
        await Task.WhenAny(refused, Task.Delay(200));
        var cameEarly = refused.IsCompleted;
        cluster.Journal.Release();

        Assert.False(cameEarly);
        Assert.Equal(ReserveStatus.Reserved, (await sold).Status);
        Assert.Equal(ReserveStatus.SoldOut, (await refused).Status);
    }

    [Fact]
    public async Task Calls_that_come_while_a_batch_is_written_share_the_next_one()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1_000);
        cluster.Journal.Hold();

        var first = cluster.ReserveAsync("first");
        await Poll.UntilAsync(() => cluster.Journal.BatchSizes.Count == 2); // the opening, and the first in flight
        var others = Task.WhenAll(Enumerable.Range(0, 100).Select(i => cluster.ReserveAsync($"member{i}")));
        await Task.WhenAny(others, Task.Delay(500)); // time for all of them to reach the event, not to be answered
        cluster.Journal.Release();
        await others;

        Assert.Equal(ReserveStatus.Reserved, (await first).Status);
        Assert.Equal(102, cluster.Journal.BatchSizes.Sum());
        Assert.InRange(cluster.Journal.BatchSizes.Count, 3, 20); // on a busy machine a few are late
        Assert.Equal(1, cluster.Journal.InFlightMax);
    }

    [Fact]
    public async Task A_batch_is_never_larger_than_the_limit()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1_000, options: new() { BatchEntriesMax = 8 });

        ReserveRequest[] requests =
            [.. Enumerable.Range(0, 100).Select(i => new ReserveRequest($"member{i}", null, 1))];
        var results = (await cluster.Event.Reserve(requests, DateTimeOffset.MaxValue)).Results;

        Assert.All(results, result => Assert.Equal(ReserveStatus.Reserved, result.Status));
        Assert.Equal(8, cluster.Journal.BatchSizes.Max());
        Assert.Equal(
            Enumerable.Range(1, 101), cluster.Journal.Entries(Cluster.EventId).Select(entry => (int)entry.Sequence));
    }

    [Fact]
    public async Task Answers_are_in_the_order_of_the_requests()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 2);

        ReserveRequest[] requests =
        [
            new("ann", null, 1), new("ann", null, 1), new("bob", null, 0), new("bob", null, 1), new("cid", null, 1),
        ];
        var results = (await cluster.Event.Reserve(requests, DateTimeOffset.MaxValue)).Results;

        Assert.Equal(
            [
                ReserveStatus.Reserved, ReserveStatus.LimitExceeded, ReserveStatus.InvalidQuantity,
                ReserveStatus.Reserved, ReserveStatus.SoldOut,
            ],
            results.Select(result => result.Status));
    }

    [Fact]
    public async Task Many_calls_at_once_for_an_event_that_was_never_opened_are_all_answered()
    {
        await using var cluster = await Cluster.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => cluster.ReserveAsync($"member{i}")));

        Assert.All(answers, result => Assert.Equal(ReserveStatus.EventNotFound, result.Status));
    }

    [Fact]
    public async Task A_call_that_comes_too_late_is_not_decided_any_more()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1);

        await Assert.ThrowsAsync<NotAppliedException>(() =>
            cluster.Event.Reserve([new("ann", "key", 1)], TimeProvider.System.GetUtcNow().AddMilliseconds(-1)));

        Assert.Single(cluster.Journal.Entries(Cluster.EventId));
        Assert.Equal(ReserveStatus.Reserved, (await cluster.ReserveAsync("bob")).Status);
    }

    [Fact]
    public async Task More_calls_than_may_wait_are_refused_as_not_applied()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 100, options: new() { WaitingCallsMax = 10 });
        cluster.Journal.Hold();

        var calls = Enumerable.Range(0, 11).Select(i => cluster.ReserveAsync($"member{i}")).ToList();
        var refused = await Task.WhenAny(calls);
        cluster.Journal.Release();

        await Assert.ThrowsAsync<BusyException>(() => refused);
        Assert.All(
            await Task.WhenAll(calls.Where(call => call != refused)),
            result => Assert.Equal(ReserveStatus.Reserved, result.Status));
    }

    [Fact]
    public async Task A_hold_that_expires_is_written_without_a_call()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1, holdSeconds: 1);
        await cluster.ReserveAsync("ann");

        await Poll.UntilAsync(() => cluster.Journal.Entries(Cluster.EventId).Count == 3);

        Assert.Equal(EntryKind.Expired, cluster.Journal.Entries(Cluster.EventId)[^1].Kind);
    }
}

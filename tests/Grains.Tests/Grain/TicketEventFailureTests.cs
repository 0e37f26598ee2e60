using static BoxOffice.Grains.Tests.Grain.AppendFault;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>What a caller is answered, and what is sold later, when a write or a replay fails.</summary>
public sealed class TicketEventFailureTests
{
    [Fact]
    public async Task No_call_is_refused_as_sold_out_because_of_a_sale_that_failed()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1);
        cluster.Journal.Hold();
        cluster.Journal.FailNext(NotApplied);

        var failed = cluster.ReserveAsync("ann");
        await Poll.UntilAsync(() => cluster.Journal.BatchSizes.Count == 2);
        var waiting = cluster.ReserveAsync("bob");
        await Task.WhenAny(waiting, Task.Delay(200));
        cluster.Journal.Release();

        await Assert.ThrowsAsync<NotAppliedException>(() => failed);
        await Assert.ThrowsAsync<NotAppliedException>(() => waiting);
        Assert.Equal(ReserveStatus.Reserved, (await cluster.ReserveAsync("bob")).Status);
    }

    [Fact]
    public async Task A_sale_that_was_not_written_is_not_applied_and_the_ticket_is_on_sale_again()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1);
        cluster.Journal.FailNext(NotApplied);

        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.ReserveAsync("ann", "key"));

        Assert.Equal(2, (await cluster.ReserveAsync("bob")).Reservation?.Sequence);
    }

    [Fact]
    public async Task A_call_that_was_written_in_part_is_unknown_and_its_keys_find_the_part()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 100, options: new() { BatchEntriesMax = 8 });
        cluster.Journal.FailNext(None, NotApplied);
        ReserveRequest[] requests =
            [.. Enumerable.Range(0, 20).Select(i => new ReserveRequest($"member{i}", "key", 1))];

        await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => cluster.Event.Reserve(requests, DateTimeOffset.MaxValue));
        var again = (await cluster.Event.Reserve(requests, DateTimeOffset.MaxValue)).Results;

        Assert.Equal(8, again.Count(result => result.Status == ReserveStatus.Replayed));
        Assert.Equal(12, again.Count(result => result.Status == ReserveStatus.Reserved));
    }

    [Fact]
    public async Task A_sale_whose_commit_reply_was_lost_is_unknown_and_its_key_finds_it()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1);
        cluster.Journal.FailNext(UnknownButCommitted);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => cluster.ReserveAsync("ann", "key"));

        var again = await cluster.ReserveAsync("ann", "key");
        Assert.Equal((ReserveStatus.Replayed, 2), (again.Status, again.Reservation?.Sequence));
        Assert.Equal(ReserveStatus.SoldOut, (await cluster.ReserveAsync("bob")).Status);
    }

    [Fact]
    public async Task A_sale_whose_outcome_was_unknown_and_lost_is_made_by_the_repetition()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1);
        cluster.Journal.FailNext(UnknownAndLost);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => cluster.ReserveAsync("ann", "key"));

        Assert.Equal(ReserveStatus.Reserved, (await cluster.ReserveAsync("ann", "key")).Status);
        Assert.Single(cluster.Journal.Entries(Cluster.EventId), entry => entry.Kind == EntryKind.Reserved);
    }

    [Fact]
    public async Task A_driver_that_throws_leaves_the_outcome_unknown()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1);
        cluster.Journal.FailNext(Throws);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => cluster.ReserveAsync("ann", "key"));

        Assert.Equal(ReserveStatus.Reserved, (await cluster.ReserveAsync("ann", "key")).Status);
    }

    [Fact]
    public async Task An_append_that_never_ends_becomes_unknown()
    {
        await using var cluster = await Cluster.OnSaleAsync(
            capacity: 1, options: new() { AppendTimeout = TimeSpan.FromMilliseconds(100) });
        cluster.Journal.Hold();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => cluster.ReserveAsync("ann", "key"));
    }

    [Fact]
    public async Task An_event_that_cannot_be_replayed_rejects_calls_and_recovers()
    {
        var journal = new FaultyJournal();
        await using var cluster = await Cluster.StartAsync(journal);
        journal.CanRead = false;

        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.Event.Open(new("Gala", 1), "operator"));
        journal.CanRead = true;
        Assert.Empty(cluster.CriticalLog); // an unreachable database recovers by itself

        await Poll.UntilAsync(async () =>
        {
            var opened = await TryAsync(() => cluster.Event.Open(new("Gala", 1), "operator"));
            return opened?.Status == EventResultStatus.Done;
        });
    }

    [Fact]
    public async Task An_event_whose_journal_has_a_gap_sells_nothing_and_logs_a_critical_line()
    {
        var journal = new FaultyJournal();
        await using (var before = await Cluster.StartAsync(journal))
        {
            await before.Event.Open(new("Gala", Capacity: 9), "operator");
            foreach (var member in new[] { "ann", "bob", "cid" }) await before.ReserveAsync(member);
        }
        journal.Lose(Cluster.EventId, 3);

        await using var after = await Cluster.StartAsync(journal);

        await Assert.ThrowsAsync<EventBrokenException>(() => after.ReserveAsync("dan"));
        Assert.StartsWith(
            "The journal of event gala cannot be replayed", after.CriticalLog[0], StringComparison.Ordinal);
        Assert.Equal(3, journal.Entries(Cluster.EventId).Count);
    }

    [Fact]
    public async Task A_batch_that_failed_in_the_middle_is_not_written()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1);

        // No front-end sends a call without a member: it represents a defect, in the middle of a batch.
        await Assert.ThrowsAsync<NotAppliedException>(() =>
            cluster.Event.Reserve([new("ann", null, 1), new(null!, null, 1)], DateTimeOffset.MaxValue));
        var next = default(ReserveResult);
        await Poll.UntilAsync(async () =>
        {
            try
            {
                next = await cluster.ReserveAsync("bob");
                return true;
            }
            catch (NotAppliedException)
            {
                return false; // this owner is ending
            }
        });

        Assert.Equal(ReserveStatus.Reserved, next.Status);
        Assert.DoesNotContain(cluster.Journal.Entries(Cluster.EventId), entry => entry.Actor == "ann");
    }

    /// <summary>Null while the event answers "not applied".</summary>
    private static async Task<T?> TryAsync<T>(Func<Task<T>> call) where T : class
    {
        try
        {
            return await call();
        }
        catch (NotAppliedException)
        {
            return null;
        }
    }
}

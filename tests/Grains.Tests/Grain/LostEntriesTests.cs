using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>An owner whose journal lost entries sells nothing from memory.</summary>
public sealed class LostEntriesTests
{
    private static readonly BoxOfficeOptions LooksAlways = new() { HeadTrustedFor = TimeSpan.FromMilliseconds(1) };
    private static readonly BoxOfficeOptions LooksNever = new() { HeadTrustedFor = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task An_owner_whose_journal_went_back_ends_instead_of_continuing_from_memory()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 1, options: LooksAlways);
        await cluster.ReserveAsync("ann");
        cluster.Journal.Lose(Cluster.EventId, 2); // a restore to an earlier time
        await Task.Delay(LooksAlways.HeadTrustedFor * 2);

        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.ReserveAsync("bob"));

        Assert.Equal(1, (await cluster.Event.Status())!.Available);
    }

    [Fact]
    public async Task An_owner_that_knows_more_than_the_journal_sells_nothing_after_the_gap()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 3, options: LooksNever);
        await cluster.ReserveAsync("ann");
        cluster.Journal.Lose(Cluster.EventId, 2); // a failover to a standby that did not have it

        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.ReserveAsync("bob"));
        var bob = await cluster.ReserveAsync("bob");

        Assert.Equal(2, bob.Reservation?.Sequence);
        Assert.Equal(["operator", "bob"], cluster.Journal.Entries(Cluster.EventId).Select(entry => entry.Actor));
        Assert.Contains(
            "The journal of event gala went back: entry 2", Assert.Single(cluster.CriticalLog),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_whose_last_entry_was_replaced_by_another_sells_nothing_after_it()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 3, options: LooksNever);
        await cluster.ReserveAsync("ann");
        cluster.Journal.Lose(Cluster.EventId, 2);
        var opened = JournalHead.Of(cluster.Journal.Entries(Cluster.EventId)[0]);
        // by another owner, after a failover
        await cluster.Journal.AppendAsync(Cluster.EventId, opened, [Reserved(2, "eve")]);

        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.ReserveAsync("bob"));
        await cluster.ReserveAsync("bob");

        Assert.Equal(["operator", "eve", "bob"], cluster.Journal.Entries(Cluster.EventId).Select(entry => entry.Actor));

        static JournalEntry Reserved(long sequence, string memberId) =>
            new(sequence, EntryKind.Reserved, DateTimeOffset.UtcNow, memberId,
                Quantity: 1, ReservationSequence: sequence);
    }

    [Fact]
    public async Task A_batch_that_becomes_durable_while_the_head_is_read_is_no_sign_that_the_journal_went_back()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 2, options: LooksNever);
        await cluster.ReserveAsync("ann");
        var headIsRead = cluster.Journal.HoldHeadsAsync();

        var refused = cluster.ReserveAsync("ann"); // she has as many as she may
        await headIsRead;
        var bob = await cluster.ReserveAsync("bob");
        cluster.Journal.TellHeads();

        Assert.Equal((ReserveStatus.LimitExceeded, ReserveStatus.Reserved), ((await refused).Status, bob.Status));
    }

    [Fact]
    public async Task When_the_journal_went_back_a_batch_in_flight_is_unknown()
    {
        await using var cluster = await Cluster.OnSaleAsync(capacity: 2, options: LooksNever);
        await cluster.ReserveAsync("ann");
        cluster.Journal.Lose(Cluster.EventId, 2);
        var headIsRead = cluster.Journal.HoldHeadsAsync();

        var refused = cluster.ReserveAsync("ann");
        await headIsRead;
        cluster.Journal.Hold();
        var bob = cluster.ReserveAsync("bob");
        await Poll.UntilAsync(() => cluster.Journal.BatchSizes.Count == 3); // the opening, ann, and bob on his way
        cluster.Journal.TellHeads();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => bob);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => refused); // it may have been a repetition
    }
}

using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>The journal is the only truth: what was stored gives back exactly what was known.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void A_replay_gives_the_state_that_the_entries_tell()
    {
        var ledger = Story.Told();

        Assert.Equal((7, 2, 1), ledger.Stock());
        Assert.Equal((2, 1), (ledger.ReservationCount, ledger.MemberCount));
        Assert.Equal("Gala", ledger.Terms!.Name);
        Assert.False(ledger.IsPaused);
        Assert.Equal(11, ledger.HeadSequence);
        Assert.Equal(Story.End, ledger.LastDecidedAt);
        Assert.Equal(Noon.AddSeconds(93), ledger.NextExpiry);
        Assert.Equal(
            [
                new(Bob, new(2, 4, ReservationState.Expired, Noon, Noon.AddSeconds(60))),
                new(Ann, new(3, 1, ReservationState.Confirmed, Noon.AddSeconds(30), Noon.AddSeconds(90))),
                new(Ann, new(5, 3, ReservationState.Cancelled, Noon.AddSeconds(31), Noon.AddSeconds(91))),
                new(Ann, new(7, 2, ReservationState.Held, Noon.AddSeconds(33), Noon.AddSeconds(93))),
            ],
            ledger.Export(0, 10, Story.End));
    }

    [Fact]
    public void A_replay_gives_the_state_of_a_large_event_too()
    {
        const int Members = 3_000; // of several chunks
        var sold = OnSale(capacity: 10_000, holdSeconds: 60);
        for (var i = 0; i < Members; i++)
        {
            var hold = sold.Reserve($"member{i}", 1 + (i % 3), Noon, $"key{i}").Reservation!.Value;
            if (i % 2 == 0) sold.Confirm($"member{i}", hold.Sequence, Noon);
            if (i % 5 == 0) sold.Cancel($"member{i}", hold.Sequence, Noon);
        }
        var replayed = ReplayOf([new(1, EntryKind.Opened, Noon, Operator, Terms: sold.Terms), .. sold.Taken()]);

        Assert.Equal(sold.Stock(), replayed.Stock());
        Assert.Equal(
            (sold.ReservationCount, sold.MemberCount, sold.NextExpiry),
            (replayed.ReservationCount, replayed.MemberCount, replayed.NextExpiry));
        Assert.Equal(Members, replayed.Export(0, int.MaxValue, Noon).Length);
        Assert.Equal(sold.Export(0, int.MaxValue, Noon), replayed.Export(0, int.MaxValue, Noon));
        Assert.All(Enumerable.Range(0, Members), i =>
        {
            var again = replayed.Reserve($"member{i}", 1 + (i % 3), Noon, $"key{i}");
            Assert.Equal(ReserveStatus.Replayed, again.Status);
            Assert.Equal(
                again.Reservation!.Value.Sequence,
                Assert.Single(replayed.ReservationsOf($"member{i}", 10, Noon)).Sequence);
        });
    }

    [Fact]
    public void A_pause_outlives_its_owner()
    {
        var ledger = ReplayOf(Story.Entries[..8]);

        Assert.True(ledger.IsPaused);
        Assert.Equal(ReserveStatus.Paused, ledger.Reserve(Bob, 1, Noon).Status);
    }

    [Fact]
    public void What_was_replayed_is_stored_already()
    {
        Assert.False(Story.Told().HasUncommitted);
    }

    [Fact]
    public void A_replay_remembers_keys_and_whose_they_are()
    {
        var ledger = Story.Told();

        Assert.Equal(2, ledger.Reserve(Bob, 4, Story.End, "key").Reservation!.Value.Sequence);
        Assert.Equal(7, ledger.Reserve(Ann, 2, Story.End, "key").Reservation!.Value.Sequence);
        Assert.Equal(ReserveStatus.IdempotencyMismatch, ledger.Reserve(Ann, 4, Story.End, "key").Status);
    }

    [Fact]
    public void A_replay_remembers_what_each_member_has()
    {
        var ledger = Story.Told();

        Assert.Equal(3, ledger.Reserve(Ann, 2, Story.End).Refusal!.Used);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 4, Story.End).Status);
    }

    [Fact]
    public void Decisions_after_a_replay_go_on_where_the_journal_ends()
    {
        var ledger = Story.Told();

        ledger.Confirm(Ann, 7, Noon);

        Assert.Equal(
            [new(12, EntryKind.Confirmed, Story.End, Ann, Quantity: 2, ReservationSequence: 7)],
            ledger.Taken());
    }

    [Fact]
    public void A_hold_that_came_due_without_an_owner_expires_at_the_first_call()
    {
        var ledger = Story.Told();

        Assert.Equal(ReservationStatus.HoldExpired, ledger.Confirm(Ann, 7, Noon.AddDays(1)).Status);
        Assert.Equal((9, 0, 1), ledger.Stock());
    }

    [Fact]
    public void A_replay_does_not_end_holds_by_itself()
    {
        var ledger = ReplayOf(Story.Entries[..10]);

        Assert.Equal((3, 6, 1), ledger.Stock());
        Assert.Equal(Noon.AddSeconds(60), ledger.NextExpiry);
    }

    [Fact]
    public void Deciding_the_story_again_writes_the_same_entries()
    {
        var ledger = new ReservationLedger();

        ledger.Open(Story.Terms, Operator, Noon);
        ledger.Reserve(Bob, 4, Noon, "key");
        ledger.Reserve(Ann, 1, Noon.AddSeconds(30));
        ledger.Confirm(Ann, 3, Noon.AddSeconds(30));
        ledger.Reserve(Ann, 3, Noon.AddSeconds(31), "other");
        ledger.Cancel(Ann, 5, Noon.AddSeconds(32));
        ledger.Reserve(Ann, 2, Noon.AddSeconds(33), "key");
        ledger.Pause(Noon.AddSeconds(34));
        ledger.Resume(Noon.AddSeconds(35));
        ledger.Change(new(Name: "Gala"), Noon.AddSeconds(36));
        ledger.ExpireDue(Noon.AddSeconds(60));

        Assert.Equal(Story.Entries, ledger.Taken());
    }

    [Fact]
    public void Replaying_a_prefix_gives_the_numbers_of_that_moment()
    {
        var stock = Enumerable.Range(1, 11).Select(count => ReplayOf(Story.Entries[..count]).Stock());

        Assert.Equal(
            [
                (10, 0, 0), (6, 4, 0), (5, 5, 0), (5, 4, 1), (2, 7, 1), (5, 4, 1), (3, 6, 1),
                (3, 6, 1), (3, 6, 1), (3, 6, 1), (7, 2, 1),
            ],
            stock);
    }

    [Fact]
    public void Replaying_nothing_is_an_event_that_was_never_opened()
    {
        Assert.Equal(ReserveStatus.EventNotFound, ReplayOf([]).Reserve(Ann, 1, Noon).Status);
    }
}

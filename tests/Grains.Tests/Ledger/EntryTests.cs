using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>What each decision leaves for the journal, and how the journal takes it.</summary>
public sealed class EntryTests
{
    [Fact]
    public void Opening_an_event_is_its_first_entry()
    {
        var ledger = new ReservationLedger();
        var terms = new EventTerms("Concert", 10);

        ledger.Open(terms, Operator, Noon);

        Assert.Equal([new(1, EntryKind.Opened, Noon, Operator, Terms: terms)], ledger.Taken());
        Assert.Equal(1, ledger.HeadSequence);
        Assert.Equal(Noon, ledger.LastDecidedAt);
    }

    [Fact]
    public void A_hold_is_an_entry_with_its_key_and_its_end()
    {
        var ledger = OnSale(holdSeconds: 60);

        ledger.Reserve(Ann, 2, Noon, "key");

        Assert.Equal(
            [new(2, EntryKind.Reserved, Noon, Ann, "key", 2, ReservationSequence: 2, ExpiresAt: Noon.AddSeconds(60))],
            ledger.Taken());
    }

    [Fact]
    public void A_sale_at_once_is_one_entry_without_an_end()
    {
        var ledger = OnSale(holdSeconds: 0);

        ledger.Reserve(Ann, 2, Noon);

        Assert.Equal([new(2, EntryKind.Reserved, Noon, Ann, Quantity: 2, ReservationSequence: 2)], ledger.Taken());
    }

    [Fact]
    public void Confirming_cancelling_and_expiring_name_the_member_the_reservation_and_its_tickets()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Reserve(Bob, 3, Noon);
        ledger.Taken();

        ledger.Confirm(Ann, 2, Noon.AddSeconds(1));
        ledger.Cancel(Ann, 2, Noon.AddSeconds(2));
        ledger.ExpireDue(Noon.AddSeconds(61));

        Assert.Equal(
            [
                new(4, EntryKind.Confirmed, Noon.AddSeconds(1), Ann, Quantity: 2, ReservationSequence: 2),
                new(5, EntryKind.Cancelled, Noon.AddSeconds(2), Ann, Quantity: 2, ReservationSequence: 2),
                new(6, EntryKind.Expired, Noon.AddSeconds(61), Bob, Quantity: 3, ReservationSequence: 3),
            ],
            ledger.Taken());
    }

    [Fact]
    public void A_change_is_an_entry_with_all_the_terms_from_then_on()
    {
        var ledger = EventWith(new("Concert", 10, 2, 60));

        ledger.Change(new(Capacity: 20), "chief", Noon.AddSeconds(1));

        Assert.Equal(
            [new(2, EntryKind.Changed, Noon.AddSeconds(1), "chief", Terms: new("Concert", 20, 2, 60))],
            ledger.Taken());
    }

    [Fact]
    public void A_pause_and_its_end_name_who_asked_for_them()
    {
        var ledger = OnSale();

        ledger.Pause("chief", Noon.AddSeconds(1));
        ledger.Resume("deputy", Noon.AddSeconds(2));

        Assert.Equal(
            [
                new(2, EntryKind.Paused, Noon.AddSeconds(1), "chief"),
                new(3, EntryKind.Resumed, Noon.AddSeconds(2), "deputy"),
            ],
            ledger.Taken());
    }

    [Fact]
    public void A_refusal_leaves_no_entry()
    {
        var ledger = OnSale(capacity: 1, holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon, "key");
        ledger.Taken();

        ledger.Reserve(Bob, 1, Noon);
        ledger.Reserve(Ann, 2, Noon, "key");
        ledger.Reserve(Ann, 1, Noon, "key");
        ledger.Confirm(Bob, 2, Noon);
        ledger.Cancel(Ann, 99, Noon);
        ledger.Change(new(Capacity: 0), Noon);

        Assert.False(ledger.HasUncommitted);
        Assert.Equal(2, ledger.HeadSequence);
    }

    [Fact]
    public void A_hold_that_ends_stands_before_the_decision_that_saw_it()
    {
        var ledger = OnSale(capacity: 2, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Taken();

        ledger.Reserve(Bob, 2, Noon.AddSeconds(60));

        Assert.Equal([EntryKind.Expired, EntryKind.Reserved], ledger.Taken().Select(entry => entry.Kind));
    }

    [Fact]
    public void Decisions_are_taken_oldest_first_in_batches_of_the_size_asked_for()
    {
        var ledger = OnSale();
        for (var i = 0; i < 5; i++) ledger.Reserve(Ann, 1, Noon);

        Assert.Equal([2L, 3L], ledger.TakeUncommitted(2).Select(entry => entry.Sequence));
        Assert.Equal([4L, 5L], ledger.TakeUncommitted(2).Select(entry => entry.Sequence));
        Assert.True(ledger.HasUncommitted);
        Assert.Equal([6L], ledger.TakeUncommitted(2).Select(entry => entry.Sequence));
        Assert.False(ledger.HasUncommitted);
        Assert.Empty(ledger.TakeUncommitted(2));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void A_batch_is_no_longer_than_what_waits(int countMax)
    {
        var ledger = OnSale();
        for (var i = 0; i < 3; i++) ledger.Reserve(Ann, 1, Noon);

        Assert.Equal(3, ledger.TakeUncommitted(countMax).Count);
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void A_batch_that_was_taken_does_not_grow_with_later_decisions()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Ann, 1, Noon);
        var first = ledger.TakeUncommitted(1);
        var rest = ledger.TakeUncommitted(2);

        ledger.Reserve(Bob, 1, Noon);

        Assert.Equal([2L], first.Select(entry => entry.Sequence));
        Assert.Equal([3L, 4L], rest.Select(entry => entry.Sequence));
        Assert.Equal([5L], ledger.Taken().Select(entry => entry.Sequence));
    }

    [Fact]
    public void Taking_decisions_does_not_undo_them()
    {
        var ledger = OnSale(capacity: 10);
        ledger.Reserve(Ann, 2, Noon);

        ledger.Taken();

        Assert.Equal((8, 0, 2), ledger.Stock());
        Assert.Equal(2, ledger.HeadSequence);
    }

    [Fact]
    public void Taking_an_event_over_leaves_an_entry_and_changes_nothing_else()
    {
        var ledger = OnSale(capacity: 10);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Taken();

        ledger.TakeOver("silo-2", Noon.AddSeconds(-1));

        // time does not run backwards
        Assert.Equal([new JournalEntry(3, EntryKind.TakenOver, Noon, "silo-2")], ledger.Taken());
        Assert.Equal((8, 0, 2), ledger.Stock());
    }

    [Fact]
    public void The_stored_numbers_of_the_kinds_never_change()
    {
        Assert.Equal(1, (short)EntryKind.Opened);
        Assert.Equal(2, (short)EntryKind.Reserved);
        Assert.Equal(3, (short)EntryKind.Confirmed);
        Assert.Equal(4, (short)EntryKind.Cancelled);
        Assert.Equal(5, (short)EntryKind.Expired);
        Assert.Equal(6, (short)EntryKind.Changed);
        Assert.Equal(7, (short)EntryKind.Paused);
        Assert.Equal(8, (short)EntryKind.Resumed);
        Assert.Equal(9, (short)EntryKind.TakenOver);
    }
}

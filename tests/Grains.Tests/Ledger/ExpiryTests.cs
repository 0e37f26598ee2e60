using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>How holds end: by comparing times at every decision, not by a timer.</summary>
public sealed class ExpiryTests
{
    private static readonly DateTimeOffset End = Noon.AddSeconds(60);

    /// <summary>Every call that looks at the event.</summary>
    private static readonly Dictionary<string, Action<ReservationLedger>> Calls = new()
    {
        ["reserve"] = ledger => ledger.Reserve(Bob, 1, End),
        ["refused reserve"] = ledger => ledger.Reserve(Bob, 0, End),
        ["confirm"] = ledger => ledger.Confirm(Ann, 2, End),
        ["confirm of nothing"] = ledger => ledger.Confirm(Bob, 99, End),
        ["cancel"] = ledger => ledger.Cancel(Ann, 2, End),
        ["find"] = ledger => ledger.Find(Ann, 2, End),
        ["reservations of a member"] = ledger => ledger.ReservationsOf(Ann, 10, End),
        ["export"] = ledger => ledger.Export(0, 10, End),
        ["status"] = ledger => ledger.Status(End),
        ["change"] = ledger => ledger.Change(new(Name: "Other"), End),
        ["pause"] = ledger => ledger.Pause(End),
        ["resume"] = ledger => ledger.Resume(End),
        ["timer"] = ledger => ledger.ExpireDue(End),
    };

    public static TheoryData<string> CallNames => [.. Calls.Keys];

    [Theory, MemberData(nameof(CallNames))]
    public void The_first_call_of_any_kind_expires_the_holds_that_are_due(string call)
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Taken();

        Calls[call](ledger);

        Assert.Equal(
            new JournalEntry(3, EntryKind.Expired, End, Ann, Quantity: 2, ReservationSequence: 2),
            ledger.Taken()[0]);
    }

    [Fact]
    public void A_hold_that_expired_returns_its_tickets()
    {
        var ledger = OnSale(capacity: 2, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(ReserveStatus.AllHeld, ledger.Reserve(Bob, 2, End.AddMicroseconds(-1)).Status);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 2, End).Status);
    }

    [Fact]
    public void A_hold_that_expired_stays_in_its_members_list_as_expired()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        var reservation = ledger.Find(Ann, 2, End).Reservation;

        Assert.Equal(new Reservation(2, 2, ReservationState.Expired, Noon, End), reservation);
    }

    [Fact]
    public void An_expiry_is_written_with_the_moment_in_which_it_was_seen()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Taken();

        ledger.ExpireDue(Noon.AddHours(1));

        Assert.Equal(Noon.AddHours(1), Assert.Single(ledger.Taken()).DecidedAt);
    }

    [Fact]
    public void An_expiry_is_written_once()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.ExpireDue(End);
        ledger.Taken();

        ledger.ExpireDue(End);
        ledger.ExpireDue(End.AddDays(1));

        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void Before_its_time_no_hold_ends()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        ledger.ExpireDue(End.AddMicroseconds(-1));

        Assert.Equal((8, 2, 0), ledger.Stock());
    }

    [Fact]
    public void Only_the_holds_that_are_over_end_the_earliest_first()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon.AddSeconds(1));
        ledger.Change(new(HoldSeconds: 30), Noon.AddSeconds(2));
        ledger.Reserve(Bob, 2, Noon.AddSeconds(3));
        ledger.Change(new(HoldSeconds: 90), Noon.AddSeconds(4));
        ledger.Reserve(Ann, 3, Noon.AddSeconds(5));
        ledger.Taken();

        ledger.ExpireDue(Noon.AddSeconds(61));

        Assert.Equal([4L, 2L], ledger.Taken().Select(entry => entry.ReservationSequence));
        Assert.Equal((7, 3, 0), ledger.Stock());
        Assert.Equal(Noon.AddSeconds(95), ledger.NextExpiry);
    }

    [Fact]
    public void Thousands_of_holds_that_are_due_expire_in_one_call()
    {
        var ledger = OnSale(capacity: 9_000, maxPerMember: 1, holdSeconds: 60);
        for (var i = 0; i < 9_000; i++) ledger.Reserve($"user{i}", 1, Noon);
        ledger.Taken();

        ledger.ExpireDue(End);

        Assert.Equal((9_000, 0, 0), ledger.Stock());
        Assert.Equal(9_000, ledger.Taken().Count);
        Assert.Equal((0, 0), (ledger.ReservationCount, ledger.MemberCount));
        Assert.Null(ledger.NextExpiry);
    }

    [Fact]
    public void The_next_expiry_is_that_of_a_hold_that_lives()
    {
        var ledger = OnSale(holdSeconds: 60);
        Assert.Null(ledger.NextExpiry);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Ann, 1, Noon.AddSeconds(1));
        ledger.Reserve(Ann, 1, Noon.AddSeconds(2));
        Assert.Equal(Noon.AddSeconds(60), ledger.NextExpiry);

        ledger.Cancel(Ann, 2, Noon.AddSeconds(3));
        Assert.Equal(Noon.AddSeconds(61), ledger.NextExpiry);
        ledger.Confirm(Ann, 3, Noon.AddSeconds(3));
        Assert.Equal(Noon.AddSeconds(62), ledger.NextExpiry);
        ledger.ExpireDue(Noon.AddSeconds(62));
        Assert.Null(ledger.NextExpiry);
    }
}

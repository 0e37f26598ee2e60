namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>What an operator can change while the event is sold.</summary>
public sealed class ChangeTests
{
    [Fact]
    public void More_capacity_is_available_at_once()
    {
        var ledger = OnSale(capacity: 2);
        ledger.Reserve(Ann, 2, Noon);
        Assert.Equal(ReserveStatus.SoldOut, ledger.Reserve(Bob, 1, Noon).Status);

        var status = ledger.Change(new(Capacity: 3), Noon);

        Assert.Equal(EventResultStatus.Done, status);
        Assert.Equal((1, 0, 2), ledger.Stock());
        Assert.Equal(SaleState.Open, ledger.Status(Noon).State);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 1, Noon).Status);
    }

    [Fact]
    public void Capacity_can_fall_to_exactly_what_is_held_and_confirmed()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Reserve(Bob, 3, Noon);
        ledger.Confirm(Ann, 2, Noon);

        var status = ledger.Change(new(Capacity: 5), Noon);

        Assert.Equal(EventResultStatus.Done, status);
        Assert.Equal((0, 3, 2), ledger.Stock());
        Assert.Equal(SaleState.AllHeld, ledger.Status(Noon).State);
    }

    [Fact]
    public void Capacity_cannot_fall_one_below_that()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Reserve(Bob, 3, Noon);
        ledger.Confirm(Ann, 2, Noon);
        ledger.Taken();

        var status = ledger.Change(new(Name: "Other", Capacity: 4), Noon);

        Assert.Equal(EventResultStatus.CapacityBelowSold, status);
        Assert.Equal((5, 3, 2), ledger.Stock());
        Assert.Equal("Concert", ledger.Terms!.Name);
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void Capacity_can_fall_when_a_hold_has_ended_in_this_moment()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 8, Noon);

        Assert.Equal(EventResultStatus.CapacityBelowSold, ledger.Change(new(Capacity: 1), Noon.AddSeconds(59)));
        Assert.Equal(EventResultStatus.Done, ledger.Change(new(Capacity: 1), Noon.AddSeconds(60)));
    }

    [Fact]
    public void A_capacity_that_fell_to_the_tickets_sold_is_sold_out_until_a_cancellation()
    {
        var ledger = OnSale(capacity: 10);
        ledger.Reserve(Ann, 4, Noon);
        ledger.Change(new(Capacity: 4), Noon);

        Assert.Equal(ReserveStatus.SoldOut, ledger.Reserve(Bob, 1, Noon).Status);
        ledger.Cancel(Ann, 2, Noon);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 4, Noon).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void InvalidTerms_precedes_CapacityBelowSold(int capacity)
    {
        var ledger = OnSale(capacity: 10);
        ledger.Reserve(Ann, 4, Noon);
        ledger.Taken();

        Assert.Equal(EventResultStatus.InvalidTerms, ledger.Change(new(Capacity: capacity), Noon));
        Assert.Equal((6, 0, 4), ledger.Stock());
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void A_window_is_judged_as_it_would_be_together_with_what_stays()
    {
        var ledger = EventWith(new("Concert", 10, OpensAt: Noon.AddHours(1)));

        Assert.Equal(EventResultStatus.InvalidTerms, ledger.Change(new(ClosesAt: new(Noon.AddHours(1))), Noon));
        Assert.Equal(EventResultStatus.Done, ledger.Change(new(ClosesAt: new(Noon.AddHours(2))), Noon));
        Assert.Equal(EventResultStatus.InvalidTerms, ledger.Change(new(OpensAt: new(Noon.AddHours(2))), Noon));
        Assert.Equal(EventResultStatus.Done, ledger.Change(new(OpensAt: new(null)), Noon));
    }

    [Fact]
    public void A_window_shorter_than_a_microsecond_is_refused()
    {
        var ledger = OnSale();

        var status = ledger.Change(new(OpensAt: new(Noon), ClosesAt: new(Noon.AddTicks(9))), Noon);

        Assert.Equal(EventResultStatus.InvalidTerms, status);
    }

    [Fact]
    public void What_is_not_named_stays_as_it_is()
    {
        var before = new EventTerms("Concert", 10, 2, 60, Noon, Noon.AddDays(1));
        var ledger = EventWith(before);

        ledger.Change(new(Name: "Gala"), Noon);
        Assert.Equal(before with { Name = "Gala" }, ledger.Terms);

        ledger.Change(new(Capacity: 11, MaxPerMember: 3, HoldSeconds: 90), Noon);
        Assert.Equal(new("Gala", 11, 3, 90, Noon, Noon.AddDays(1)), ledger.Terms);

        ledger.Change(new(OpensAt: new(null), ClosesAt: new(Noon.AddDays(2))), Noon);
        Assert.Equal(new("Gala", 11, 3, 90, null, Noon.AddDays(2)), ledger.Terms);
    }

    [Fact]
    public void A_change_that_changes_nothing_is_done_and_leaves_no_entry()
    {
        var ledger = EventWith(new("Concert", 10, 2, 60, Noon, Noon.AddDays(1)));
        var noonInSeoul = Noon.ToOffset(TimeSpan.FromHours(9));

        Assert.Equal(EventResultStatus.Done, ledger.Change(new(), Noon));
        Assert.Equal(EventResultStatus.Done, ledger.Change(new("Concert", 10, 2, 60), Noon));
        Assert.Equal(EventResultStatus.Done, ledger.Change(new(OpensAt: new(Noon.AddTicks(9))), Noon));
        Assert.Equal(EventResultStatus.Done, ledger.Change(new(OpensAt: new(noonInSeoul)), Noon));
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void Another_hold_time_is_for_new_holds_only()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Change(new(HoldSeconds: 600), Noon);

        var later = ledger.Reserve(Bob, 1, Noon);

        Assert.Equal(Noon.AddSeconds(600), later.Reservation!.Value.ExpiresAt);
        Assert.Equal(ReservationStatus.HoldExpired, ledger.Confirm(Ann, 2, Noon.AddSeconds(60)).Status);
        Assert.Equal(ReservationStatus.Done, ledger.Confirm(Bob, 4, Noon.AddSeconds(599)).Status);
    }

    [Fact]
    public void Without_a_hold_time_from_now_on_holds_stay_holds()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Change(new(HoldSeconds: 0), Noon);
        ledger.Reserve(Bob, 1, Noon);

        Assert.Equal((8, 1, 1), ledger.Stock());
        Assert.Equal(Noon.AddSeconds(60), ledger.NextExpiry);
    }
}

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>What an operator's pause stops, and what it does not.</summary>
public sealed class PauseTests
{
    [Fact]
    public void A_paused_sale_takes_no_new_reservations()
    {
        var ledger = OnSale();

        var status = ledger.Pause(Noon);

        Assert.Equal(EventResultStatus.Done, status);
        Assert.True(ledger.IsPaused);
        Assert.Equal(new(ReserveStatus.Paused), ledger.Reserve(Ann, 1, Noon));
        Assert.Equal(SaleState.Paused, ledger.Status(Noon).State);
    }

    [Fact]
    public void A_resumed_sale_goes_on()
    {
        var ledger = OnSale();
        ledger.Pause(Noon);

        var status = ledger.Resume(Noon);

        Assert.Equal(EventResultStatus.Done, status);
        Assert.False(ledger.IsPaused);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon).Status);
    }

    [Fact]
    public void In_a_pause_holds_can_be_confirmed_and_cancelled()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Bob, 1, Noon);
        ledger.Pause(Noon);

        Assert.Equal(ReservationStatus.Done, ledger.Confirm(Ann, 2, Noon).Status);
        Assert.Equal(ReservationStatus.Done, ledger.Cancel(Bob, 3, Noon).Status);
        Assert.Equal((9, 0, 1), ledger.Stock());
    }

    [Fact]
    public void A_pause_does_not_stop_the_time_of_holds()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Pause(Noon);

        Assert.Equal(ReservationStatus.HoldExpired, ledger.Confirm(Ann, 2, Noon.AddSeconds(60)).Status);
    }

    [Fact]
    public void In_a_pause_terms_can_be_changed()
    {
        var ledger = OnSale(capacity: 10);
        ledger.Pause(Noon);

        Assert.Equal(EventResultStatus.Done, ledger.Change(new(Capacity: 20), Noon));
        Assert.Equal(SaleState.Paused, ledger.Status(Noon).State);
    }

    [Fact]
    public void Pausing_twice_is_done_twice_and_leaves_one_entry()
    {
        var ledger = OnSale();

        Assert.Equal(EventResultStatus.Done, ledger.Pause(Noon));
        Assert.Equal(EventResultStatus.Done, ledger.Pause(Noon));

        Assert.Equal([EntryKind.Paused], ledger.Taken().Select(entry => entry.Kind));
    }

    [Fact]
    public void Resuming_a_sale_that_is_not_paused_is_done_and_leaves_no_entry()
    {
        var ledger = OnSale();

        Assert.Equal(EventResultStatus.Done, ledger.Resume(Noon));
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void Paused_precedes_window_and_stock()
    {
        var ledger = EventWith(new("Concert", 10, OpensAt: Noon.AddHours(1)));
        ledger.Pause(Noon);

        Assert.Equal(SaleState.Paused, ledger.Status(Noon).State);
        ledger.Resume(Noon);
        Assert.Equal(SaleState.Upcoming, ledger.Status(Noon).State);
    }
}

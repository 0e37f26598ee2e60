namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>How tickets are given back.</summary>
public sealed class CancelTests
{
    [Fact]
    public void A_hold_that_is_cancelled_returns_its_tickets()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        var result = ledger.Cancel(Ann, 2, Noon.AddSeconds(1));

        Assert.Equal(
            new(ReservationStatus.Done, new(2, 2, ReservationState.Cancelled, Noon, Noon.AddSeconds(60))),
            result);
        Assert.Equal((10, 0, 0), ledger.Stock());
    }

    [Fact]
    public void A_sale_that_is_cancelled_returns_its_tickets()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 0);
        ledger.Reserve(Ann, 2, Noon);

        var result = ledger.Cancel(Ann, 2, Noon);

        Assert.Equal(new(ReservationStatus.Done, new(2, 2, ReservationState.Cancelled, Noon, null)), result);
        Assert.Equal((10, 0, 0), ledger.Stock());
    }

    [Fact]
    public void A_confirmed_hold_that_is_cancelled_returns_its_tickets()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Confirm(Ann, 2, Noon);

        Assert.Equal(ReservationStatus.Done, ledger.Cancel(Ann, 2, Noon.AddDays(1)).Status);
        Assert.Equal((10, 0, 0), ledger.Stock());
    }

    [Fact]
    public void Cancelling_again_is_the_same_answer_and_returns_nothing_more()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Reserve(Bob, 3, Noon);
        var first = ledger.Cancel(Ann, 2, Noon);
        ledger.Taken();

        var second = ledger.Cancel(Ann, 2, Noon.AddSeconds(1));

        Assert.Equal(first, second);
        Assert.Equal((7, 3, 0), ledger.Stock());
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void The_tickets_are_available_in_the_same_moment()
    {
        var ledger = OnSale(capacity: 2);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Cancel(Ann, 2, Noon);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 2, Noon).Status);
    }

    [Fact]
    public void A_hold_that_expired_cannot_be_cancelled()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(new(ReservationStatus.HoldExpired), ledger.Cancel(Ann, 2, Noon.AddSeconds(60)));
        Assert.Equal(new(ReservationStatus.HoldExpired), ledger.Cancel(Ann, 2, Noon.AddSeconds(61)));
        Assert.Equal((10, 0, 0), ledger.Stock());
    }

    [Fact]
    public void A_cancelled_hold_does_not_expire_too()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Cancel(Ann, 2, Noon);
        ledger.Taken();

        ledger.ExpireDue(Noon.AddSeconds(60));

        Assert.Equal((10, 0, 0), ledger.Stock());
        Assert.False(ledger.HasUncommitted);
        Assert.Equal(ReservationStatus.Done, ledger.Cancel(Ann, 2, Noon.AddSeconds(60)).Status);
    }

    [Fact]
    public void Another_members_reservation_is_not_found_and_stays_as_it_is()
    {
        var ledger = OnSale(capacity: 10);
        ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(new(ReservationStatus.NotFound), ledger.Cancel(Bob, 2, Noon));
        Assert.Equal((8, 0, 2), ledger.Stock());
    }
}

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>How a hold becomes a sale.</summary>
public sealed class ConfirmTests
{
    [Fact]
    public void Confirming_a_hold_makes_it_a_sale()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        var result = ledger.Confirm(Ann, 2, Noon.AddSeconds(1));

        Assert.Equal(
            new(ReservationStatus.Done, new(2, 2, ReservationState.Confirmed, Noon, Noon.AddSeconds(60))),
            result);
        Assert.Equal((8, 0, 2), ledger.Stock());
    }

    [Fact]
    public void Confirming_again_is_the_same_answer_and_leaves_no_entry()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        var first = ledger.Confirm(Ann, 2, Noon);
        ledger.Taken();

        var second = ledger.Confirm(Ann, 2, Noon.AddSeconds(1));

        Assert.Equal(first, second);
        Assert.Equal((8, 0, 2), ledger.Stock());
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void What_was_sold_at_once_is_confirmed_already()
    {
        var ledger = OnSale(holdSeconds: 0);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Taken();

        var result = ledger.Confirm(Ann, 2, Noon);

        Assert.Equal(new(ReservationStatus.Done, new(2, 2, ReservationState.Confirmed, Noon, null)), result);
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void A_confirm_in_the_last_microsecond_of_the_hold_is_in_time()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        var result = ledger.Confirm(Ann, 2, Noon.AddSeconds(60).AddMicroseconds(-1));

        Assert.Equal(ReservationStatus.Done, result.Status);
    }

    [Fact]
    public void A_confirm_at_the_moment_of_expiry_is_too_late()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        var result = ledger.Confirm(Ann, 2, Noon.AddSeconds(60));

        Assert.Equal(new(ReservationStatus.HoldExpired), result);
        Assert.Equal((10, 0, 0), ledger.Stock());
    }

    [Fact]
    public void A_late_confirm_stays_late_when_repeated()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Confirm(Ann, 2, Noon.AddSeconds(60));

        Assert.Equal(new(ReservationStatus.HoldExpired), ledger.Confirm(Ann, 2, Noon.AddSeconds(61)));
    }

    [Fact]
    public void A_sale_does_not_expire()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Confirm(Ann, 2, Noon.AddSeconds(59));

        var result = ledger.Confirm(Ann, 2, Noon.AddDays(1));

        Assert.Equal(ReservationStatus.Done, result.Status);
        Assert.Equal((8, 0, 2), ledger.Stock());
    }

    [Fact]
    public void What_was_cancelled_cannot_be_confirmed()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Cancel(Ann, 2, Noon);

        Assert.Equal(new(ReservationStatus.AlreadyCancelled), ledger.Confirm(Ann, 2, Noon));
        Assert.Equal(new(ReservationStatus.AlreadyCancelled), ledger.Confirm(Ann, 2, Noon.AddSeconds(60)));
        Assert.Equal((10, 0, 0), ledger.Stock());
    }

    [Fact]
    public void Another_members_hold_is_not_found_and_stays_as_it_is()
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(new(ReservationStatus.NotFound), ledger.Confirm(Bob, 2, Noon));
        Assert.Equal(ReservationState.Held, ledger.Find(Ann, 2, Noon).Reservation!.Value.State);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)] // the opening
    [InlineData(3)] // the pause
    [InlineData(4)] // not yet
    [InlineData(4_294_967_298)] // 2, when only 32 bits are looked at
    [InlineData(long.MaxValue)]
    public void What_is_no_reservation_is_not_found(long sequence)
    {
        var ledger = OnSale(holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Pause(Noon);

        Assert.Equal(new(ReservationStatus.NotFound), ledger.Confirm(Ann, sequence, Noon));
        Assert.Equal(new(ReservationStatus.NotFound), ledger.Cancel(Ann, sequence, Noon));
        Assert.Equal(new(ReservationStatus.NotFound), ledger.Find(Ann, sequence, Noon));
    }
}

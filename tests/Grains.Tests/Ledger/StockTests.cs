namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>What is sold, held and left, and what a buyer is told when it does not suffice.</summary>
public sealed class StockTests
{
    [Fact]
    public void Without_a_hold_time_a_reservation_is_a_sale_at_once()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 0);

        var result = ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(new(ReserveStatus.Reserved, new(2, 2, ReservationState.Confirmed, Noon, null)), result);
        Assert.Equal((8, 0, 2), ledger.Stock());
        Assert.Null(ledger.NextExpiry);
    }

    [Fact]
    public void With_a_hold_time_a_reservation_is_held_for_that_time()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);

        var result = ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(new(ReserveStatus.Reserved, new(2, 2, ReservationState.Held, Noon, Noon.AddSeconds(60))), result);
        Assert.Equal((8, 2, 0), ledger.Stock());
        Assert.Equal(Noon.AddSeconds(60), ledger.NextExpiry);
    }

    [Fact]
    public void The_last_ticket_can_be_reserved()
    {
        var ledger = OnSale(capacity: 3);
        ledger.Reserve(Bob, 2, Noon);

        var result = ledger.Reserve(Ann, 1, Noon);

        Assert.Equal(ReserveStatus.Reserved, result.Status);
        Assert.Equal((0, 0, 3), ledger.Stock());
    }

    [Fact]
    public void When_all_is_sold_it_is_sold_out_with_nothing_to_add()
    {
        var ledger = OnSale(capacity: 2);
        ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(new(ReserveStatus.SoldOut), ledger.Reserve(Bob, 1, Noon));
        Assert.Equal(SaleState.SoldOut, ledger.Status(Noon).State);
    }

    [Fact]
    public void When_the_rest_is_held_it_is_all_held_until_the_earliest_hold_ends()
    {
        var ledger = OnSale(capacity: 3, holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Confirm(Ann, 2, Noon);
        ledger.Reserve(Ann, 1, Noon.AddSeconds(10));
        ledger.Reserve(Ann, 1, Noon.AddSeconds(20));

        var result = ledger.Reserve(Bob, 1, Noon.AddSeconds(30));

        Assert.Equal(ReserveStatus.AllHeld, result.Status);
        Assert.Equal(new Refusal(Noon.AddSeconds(30), RetryAt: Noon.AddSeconds(70)), result.Refusal);
        Assert.Equal(SaleState.AllHeld, ledger.Status(Noon.AddSeconds(30)).State);
    }

    [Fact]
    public void The_earliest_hold_is_the_earliest_that_still_lives()
    {
        var ledger = OnSale(capacity: 3, holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Ann, 1, Noon.AddSeconds(10));
        ledger.Reserve(Ann, 1, Noon.AddSeconds(20));
        ledger.Confirm(Ann, 2, Noon.AddSeconds(25));
        ledger.Cancel(Ann, 3, Noon.AddSeconds(25));
        ledger.Reserve(Ann, 1, Noon.AddSeconds(30));

        var result = ledger.Reserve(Bob, 1, Noon.AddSeconds(40));

        Assert.Equal(ReserveStatus.AllHeld, result.Status);
        Assert.Equal(Noon.AddSeconds(80), result.Refusal!.RetryAt);
    }

    [Fact]
    public void A_shorter_hold_made_later_may_end_first()
    {
        var ledger = OnSale(capacity: 2, holdSeconds: 600);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Change(new(HoldSeconds: 60), Noon);
        ledger.Reserve(Ann, 1, Noon.AddSeconds(10));

        var result = ledger.Reserve(Bob, 1, Noon.AddSeconds(20));

        Assert.Equal(Noon.AddSeconds(70), result.Refusal!.RetryAt);
    }

    [Fact]
    public void When_some_but_not_enough_is_left_the_buyer_learns_how_many()
    {
        var ledger = OnSale(capacity: 5);
        ledger.Reserve(Bob, 3, Noon);

        var result = ledger.Reserve(Ann, 3, Noon.AddSeconds(1));

        Assert.Equal(ReserveStatus.Insufficient, result.Status);
        Assert.Equal(new Refusal(Noon.AddSeconds(1), Available: 2), result.Refusal);
        Assert.Equal(SaleState.Open, ledger.Status(Noon.AddSeconds(1)).State);
    }

    [Fact]
    public void A_refusal_takes_nothing_so_that_a_smaller_call_can_succeed()
    {
        var ledger = OnSale(capacity: 5);
        ledger.Reserve(Bob, 3, Noon);
        ledger.Reserve(Ann, 3, Noon);

        var result = ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(ReserveStatus.Reserved, result.Status);
        Assert.Equal((0, 0, 5), ledger.Stock());
    }

    [Fact]
    public void The_first_calls_get_the_tickets()
    {
        var ledger = OnSale(capacity: 2);

        var statuses = new[] { "a", "b", "c", "d" }.Select(member => ledger.Reserve(member, 1, Noon).Status);

        Assert.Equal(
            [ReserveStatus.Reserved, ReserveStatus.Reserved, ReserveStatus.SoldOut, ReserveStatus.SoldOut],
            statuses);
    }

    [Fact]
    public void Reservations_and_members_who_have_tickets_are_counted()
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);

        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Reserve(Bob, 3, Noon);
        Assert.Equal((3, 2), (ledger.ReservationCount, ledger.MemberCount));

        ledger.Confirm(Ann, 2, Noon);
        Assert.Equal((3, 2), (ledger.ReservationCount, ledger.MemberCount));

        ledger.Cancel(Ann, 3, Noon);
        Assert.Equal((2, 2), (ledger.ReservationCount, ledger.MemberCount));

        ledger.Cancel(Ann, 2, Noon);
        Assert.Equal((1, 1), (ledger.ReservationCount, ledger.MemberCount));

        ledger.ExpireDue(Noon.AddSeconds(60));
        Assert.Equal((0, 0), (ledger.ReservationCount, ledger.MemberCount));

        ledger.Reserve(Ann, 1, Noon.AddSeconds(60));
        Assert.Equal((1, 1), (ledger.ReservationCount, ledger.MemberCount));
    }
}

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>When the sale begins and ends, to the microsecond.</summary>
public sealed class SaleWindowTests
{
    private static readonly DateTimeOffset OpensAt = Noon.AddHours(1);
    private static readonly DateTimeOffset ClosesAt = Noon.AddHours(2);
    private static readonly EventTerms Matinee = new("Matinee", 10, 10, OpensAt: OpensAt, ClosesAt: ClosesAt);

    [Fact]
    public void A_microsecond_before_the_opening_the_sale_is_not_open_and_says_when_it_will_be()
    {
        var ledger = EventWith(Matinee);

        var result = ledger.Reserve(Ann, 1, OpensAt.AddMicroseconds(-1));

        Assert.Equal(ReserveStatus.NotOpen, result.Status);
        Assert.Equal(new Refusal(OpensAt.AddMicroseconds(-1), RetryAt: OpensAt), result.Refusal);
    }

    [Fact]
    public void At_the_opening_the_sale_is_open()
    {
        var ledger = EventWith(Matinee);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, OpensAt).Status);
    }

    [Fact]
    public void A_microsecond_before_the_close_the_sale_is_open()
    {
        var ledger = EventWith(Matinee);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, ClosesAt.AddMicroseconds(-1)).Status);
    }

    [Fact]
    public void At_the_close_the_sale_is_over_with_nothing_to_add()
    {
        var ledger = EventWith(Matinee);

        Assert.Equal(new(ReserveStatus.Closed), ledger.Reserve(Ann, 1, ClosesAt));
    }

    [Fact]
    public void A_sale_without_edges_was_always_open_and_never_closes()
    {
        var ledger = OnSale();

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon).Status);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon.AddYears(1_000)).Status);
    }

    [Fact]
    public void The_window_is_a_moment_wherever_its_clock_stood()
    {
        var ledger = EventWith(Matinee with { OpensAt = OpensAt.ToOffset(TimeSpan.FromHours(9)) });

        Assert.Equal(ReserveStatus.NotOpen, ledger.Reserve(Ann, 1, OpensAt.AddMicroseconds(-1)).Status);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, OpensAt.ToOffset(TimeSpan.FromHours(-5))).Status);
    }

    [Fact]
    public void The_state_follows_the_window()
    {
        var ledger = EventWith(Matinee);

        Assert.Equal(SaleState.Upcoming, ledger.Status(OpensAt.AddMicroseconds(-1)).State);
        Assert.Equal(SaleState.Open, ledger.Status(OpensAt).State);
        Assert.Equal(SaleState.Open, ledger.Status(ClosesAt.AddMicroseconds(-1)).State);
        Assert.Equal(SaleState.Closed, ledger.Status(ClosesAt).State);
    }

    [Fact]
    public void A_hold_can_be_confirmed_and_cancelled_after_the_close()
    {
        var ledger = EventWith(Matinee with { HoldSeconds = 600 });
        ledger.Reserve(Ann, 1, ClosesAt.AddSeconds(-1));
        ledger.Reserve(Bob, 1, ClosesAt.AddSeconds(-1));

        Assert.Equal(ReservationStatus.Done, ledger.Confirm(Ann, 2, ClosesAt).Status);
        Assert.Equal(ReservationStatus.Done, ledger.Cancel(Bob, 3, ClosesAt).Status);
    }

    [Fact]
    public void An_opening_that_is_postponed_closes_the_sale_again()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon);
        ledger.Change(new(OpensAt: new(OpensAt)), Noon);

        Assert.Equal(ReserveStatus.NotOpen, ledger.Reserve(Ann, 1, Noon).Status);
        Assert.Equal((9, 0, 1), ledger.Stock());
    }

    [Fact]
    public void A_close_that_is_removed_opens_the_sale_again()
    {
        var ledger = EventWith(Matinee);

        Assert.Equal(ReserveStatus.Closed, ledger.Reserve(Ann, 1, ClosesAt).Status);
        ledger.Change(new(ClosesAt: new(null)), ClosesAt);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, ClosesAt).Status);
    }
}

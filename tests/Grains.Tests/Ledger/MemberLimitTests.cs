namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>How many tickets one member may have.</summary>
public sealed class MemberLimitTests
{
    [Fact]
    public void A_member_may_have_as_many_as_the_limit_says()
    {
        var ledger = OnSale(maxPerMember: 4);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 4, Noon).Status);
    }

    [Fact]
    public void One_more_is_refused_with_the_limit_and_what_the_member_has()
    {
        var ledger = OnSale(maxPerMember: 4);
        ledger.Reserve(Ann, 3, Noon);

        var result = ledger.Reserve(Ann, 2, Noon.AddSeconds(1));

        Assert.Equal(ReserveStatus.LimitExceeded, result.Status);
        Assert.Equal(new Refusal(Noon.AddSeconds(1), Limit: 4, Used: 3), result.Refusal);
    }

    [Fact]
    public void A_first_call_above_the_limit_is_refused()
    {
        var ledger = OnSale(maxPerMember: 4);

        var result = ledger.Reserve(Ann, 5, Noon);

        Assert.Equal(ReserveStatus.LimitExceeded, result.Status);
        Assert.Equal(new Refusal(Noon, Limit: 4, Used: 0), result.Refusal);
    }

    [Fact]
    public void Held_and_confirmed_count_together_over_all_reservations()
    {
        var ledger = OnSale(maxPerMember: 4, holdSeconds: 60);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Confirm(Ann, 2, Noon);

        Assert.Equal(3, ledger.Reserve(Ann, 2, Noon).Refusal!.Used);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon).Status);
        Assert.Equal(4, ledger.Reserve(Ann, 1, Noon).Refusal!.Used);
    }

    [Fact]
    public void The_limit_is_each_members_own()
    {
        var ledger = OnSale(maxPerMember: 4);
        ledger.Reserve(Ann, 4, Noon);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 4, Noon).Status);
    }

    [Fact]
    public void Members_whose_ids_differ_only_in_case_are_two_members()
    {
        var ledger = OnSale(maxPerMember: 1);
        ledger.Reserve("ann", 1, Noon);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve("Ann", 1, Noon).Status);
    }

    [Fact]
    public void Cancelling_a_hold_frees_the_members_allowance()
    {
        var ledger = OnSale(maxPerMember: 2, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Cancel(Ann, 2, Noon);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 2, Noon).Status);
    }

    [Fact]
    public void Cancelling_a_sale_frees_the_members_allowance()
    {
        var ledger = OnSale(maxPerMember: 2, holdSeconds: 0);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Cancel(Ann, 2, Noon);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 2, Noon).Status);
    }

    [Fact]
    public void A_hold_that_expired_frees_the_members_allowance()
    {
        var ledger = OnSale(maxPerMember: 2, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);

        Assert.Equal(ReserveStatus.LimitExceeded, ledger.Reserve(Ann, 1, Noon.AddSeconds(59)).Status);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 2, Noon.AddSeconds(60)).Status);
    }

    [Fact]
    public void Confirming_neither_frees_nor_uses_allowance()
    {
        var ledger = OnSale(maxPerMember: 3, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon);
        ledger.Confirm(Ann, 2, Noon);

        Assert.Equal(2, ledger.Reserve(Ann, 2, Noon).Refusal!.Used);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon).Status);
    }

    [Fact]
    public void A_repeated_cancel_frees_once()
    {
        var ledger = OnSale(maxPerMember: 2);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Cancel(Ann, 2, Noon);
        ledger.Cancel(Ann, 2, Noon);

        Assert.Equal(1, ledger.Reserve(Ann, 2, Noon).Refusal!.Used);
    }

    [Fact]
    public void A_limit_that_was_lowered_takes_nothing_back_but_allows_no_more()
    {
        var ledger = OnSale(maxPerMember: 4);
        ledger.Reserve(Ann, 3, Noon);
        ledger.Change(new(MaxPerMember: 2), Noon);

        var result = ledger.Reserve(Ann, 1, Noon);

        Assert.Equal(new Refusal(Noon, Limit: 2, Used: 3), result.Refusal);
        Assert.Equal((7, 0, 3), ledger.Stock());
    }

    [Fact]
    public void A_limit_that_was_raised_holds_for_the_next_call()
    {
        var ledger = OnSale(maxPerMember: 1);
        ledger.Reserve(Ann, 1, Noon);
        ledger.Change(new(MaxPerMember: 2), Noon);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon).Status);
    }

    [Fact]
    public void The_largest_limit_does_not_overflow()
    {
        var ledger = OnSale(capacity: 100_000_000, maxPerMember: 100_000_000);
        for (var i = 0; i < 100; i++) ledger.Reserve(Ann, 1_000, Noon);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1_000, Noon).Status);
        Assert.Equal((99_899_000, 0, 101_000), ledger.Stock());
    }
}

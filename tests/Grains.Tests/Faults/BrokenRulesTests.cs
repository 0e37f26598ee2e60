using BoxOffice.Testing.Faults;

using static BoxOffice.Grains.Tests.Faults.Finding;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>
/// The smallest evidence of a sale that does not go by its rules, which nothing but that promise's own check finds.
/// </summary>
public sealed class BrokenRulesTests
{
    [Fact]
    public void A_hold_that_was_confirmed_after_its_end()
    {
        Only(Promise.HoldsEndOnTime, Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k").Confirmed(11, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Confirm, Ann, 2, 11, 12));
    }

    [Fact]
    public void A_hold_that_ended_too_early()
    {
        Only(
            Promise.HoldsEndOnTime,
            Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k").Expired(10.9, Ann, 2).Sold(Ann, 2, 1, 2, "k"));
    }

    [Fact]
    public void A_sale_that_expired()
    {
        Only(
            Promise.HoldsEndOnTime,
            Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k").Confirmed(5, Ann, 2).Expired(11, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Confirm, Ann, 2, 4, 6));
    }

    [Fact]
    public void A_hold_that_is_shorter_than_its_terms()
    {
        Only(
            Promise.HoldsEndOnTime,
            Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k", heldUntil: 5).Sold(Ann, 2, 1, 2, "k"));
    }

    [Fact]
    public void An_expiry_that_was_told_and_never_was()
    {
        Only(Promise.HoldsEndOnTime, Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").DidNot(Verb.Confirm, "HOLD_EXPIRED", Ann, 2, 3, 4));
    }

    [Fact]
    public void A_stranger_who_cancels()
    {
        Only(Promise.OnlyTheOwner, Evidence.OnSale().Reserved(1, Ann, "k").Cancelled(3, Bob, 2)
            .Sold(Ann, 2, 1, 2, "k").DidNot(Verb.Cancel, null, Ann, 2, 3, 4));
        Only(Promise.OnlyTheOwner, Evidence.OnSale().Reserved(1, Ann, "k").Cancelled(3, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Cancel, Bob, 2, 3, 4));
    }

    [Fact]
    public void A_gap()
    {
        Only(Promise.Conservation, Evidence.OnSale().Reserved(1, Ann, "k", sequence: 3).Sold(Ann, 3, 1, 2, "k"));
    }

    [Fact]
    public void A_sequence_that_stands_twice()
    {
        Only(Promise.Conservation, Evidence.OnSale().Row(StoredKind.Paused, 1).Row(StoredKind.Resumed, 2)
            .Reserved(3, Ann, "k", sequence: 3).Sold(Ann, 3, 3, 4, "k"));
    }

    [Fact]
    public void An_entry_that_cannot_follow_the_one_before()
    {
        Only(Promise.Conservation, Evidence.OnSale().Expired(1, Ann, 9));
        Only(Promise.Conservation, Evidence.OnSale().Row(StoredKind.Opened, 1, new(10, 10)));
        Only(Promise.Conservation, Evidence.OnSale().Row(StoredKind.Paused, 2).Row(StoredKind.Resumed, 1));
        Only(Promise.Conservation, Evidence.OnSale().Reserved(1, Ann, "k").Cancelled(2, Ann, 2, quantity: 2)
            .Sold(Ann, 2, 1, 2, "k").DidNot(Verb.Cancel, null, Ann, 2, 2, 3));
        Only(Promise.Conservation, Evidence.OnSale().Reserved(1, Ann, "k").Cancelled(2, Ann, 2).Cancelled(2, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Cancel, Ann, 2, 2, 3));
    }

    [Fact]
    public void An_order_that_is_not_that_of_real_time()
    {
        Only(Promise.RealTimeOrder, Evidence.OnSale().Reserved(1, Ann, "k").Reserved(1, Bob, "k")
            .Sold(Bob, 3, 1, 2, "k").Sold(Ann, 2, 3, 4, "k"));
    }

    [Fact]
    public void A_sale_outside_the_terms()
    {
        Only(Promise.SoldWithinTerms, Evidence.OnSale(maxPerMember: 1).Reserved(1, Ann, "k").Reserved(2, Ann, "j")
            .Sold(Ann, 2, 1, 2, "k").Sold(Ann, 3, 2, 3, "j"));
        Only(
            Promise.SoldWithinTerms,
            Evidence.OnSale().Row(StoredKind.Paused, 1).Reserved(2, Ann, "k").Sold(Ann, 3, 2, 3, "k"));
        Only(
            Promise.SoldWithinTerms,
            new Evidence(new(10, OpensAt: Noon.AddSeconds(5))).Reserved(2, Ann, "k").Sold(Ann, 2, 2, 3, "k"));
        Only(
            Promise.SoldWithinTerms,
            new Evidence(new(10, ClosesAt: Noon.AddSeconds(2))).Reserved(2, Ann, "k").Sold(Ann, 2, 2, 3, "k"));
    }

    [Fact]
    public void Numbers_that_never_were()
    {
        Only(Promise.HonestNumbers, Evidence.OnSale(capacity: 5).Shown(4, 0, 1, 5, 1, 2));
    }

    [Fact]
    public void Numbers_that_were_true_too_long_ago()
    {
        Only(
            Promise.HonestNumbers,
            Evidence.OnSale(capacity: 5).Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Shown(5, 0, 0, 9, 3.1, 4));
    }

    [Fact]
    public void A_version_that_goes_back()
    {
        Only(Promise.HonestNumbers, Evidence.OnSale(capacity: 5).Shown(5, 0, 0, 9, 1, 2).Shown(5, 0, 0, 8, 3.1, 4));
    }

    [Fact]
    public void A_sale_that_does_not_go_on()
    {
        Only(Promise.Progress, Evidence.OnSale()
            .Refused("BUSY", Ann, 1, 2, phase: Phase.Healed)
                .Refused("LIMIT_EXCEEDED", Bob, 1, 2, quantity: 11, phase: Phase.Healed));
    }

    [Fact]
    public void A_member_who_never_got_an_answer()
    {
        var options = new AuditOptions { HealedShareMin = 0 };

        Assert.Equal([Promise.Progress], Evidence.OnSale().Unknown(Ann, 1, 2, "k")
            .Refused("LIMIT_EXCEEDED", Bob, 9, 10, quantity: 11, phase: Phase.Healed).Broken(options));
    }
}

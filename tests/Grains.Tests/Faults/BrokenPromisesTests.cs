using BoxOffice.Testing.Faults;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>The smallest evidence of each broken promise, which nothing but that promise's own check finds.</summary>
public sealed class BrokenPromisesTests
{
    [Fact]
    public void Oversold()
    {
        Only(Promise.NoOversell, Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Reserved(1, Bob, "k")
            .Sold(Ann, 2, 1, 2, "k").Sold(Bob, 3, 1, 2, "k"));
    }

    [Fact]
    public void Oversold_for_a_moment()
    {
        Only(Promise.NoOversell, Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Reserved(1, Bob, "k").Cancelled(2, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Sold(Bob, 3, 1, 2, "k").Did(Verb.Cancel, Ann, 2, 2, 3));
    }

    [Fact]
    public void A_capacity_below_what_was_sold()
    {
        Only(Promise.NoOversell, Evidence.OnSale(capacity: 5).Reserved(1, Ann, "k", 3).Changed(2, new(2, 10)).Sold(Ann, 2, 1, 2, "k", 3));
    }

    [Fact]
    public void An_accepted_reservation_that_is_not_in_the_journal()
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Sold(Ann, 2, 1, 2, "k"));
    }

    [Fact]
    public void A_sale_of_an_event_that_has_no_journal()
    {
        var history = History.Of(Noon, new Operation(1, new(Verb.Reserve, "ball", Ann, null, 1), TimeSpan.Zero, TimeSpan.FromSeconds(1),
            new(Outcome.Ok, 200, Reservation: new("ball-2", 1, "CONFIRMED", 2, null))));

        Assert.Equal([Promise.NothingAcknowledgedIsLost], Audit.Check(history).Broken);
    }

    [Fact]
    public void A_reservation_that_two_members_were_given()
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Sold(Bob, 2, 1, 2, "k"));
    }

    [Fact]
    public void A_reservation_that_one_member_was_given_for_two_calls()
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Reserved(1, Ann).Sold(Ann, 2, 1, 2).Sold(Ann, 2, 1, 2));
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Sold(Ann, 2, 1, 2, "j"));
    }

    [Fact]
    public void Another_quantity_than_the_member_was_told()
    {
        var evidence = Evidence.OnSale().Reserved(1, Ann, "k", 2).Unknown(Ann, 1, 2, "k", 2);

        Only(Promise.NothingAcknowledgedIsLost, evidence.Called(new(Verb.Reserve, Evidence.Gala, Ann, "k", 2), 3, 4,
            new(Outcome.Ok, 200, Reservation: new("gala-2", 3, "CONFIRMED", 2, null))));
    }

    [Fact]
    public void An_accepted_confirm_or_cancel_that_is_not_in_the_journal()
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Confirm, Ann, 2, 3, 4));
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Cancel, Ann, 2, 3, 4));
    }

    [Fact]
    public void An_owner_who_is_told_that_there_is_no_such_reservation()
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").DidNot(Verb.Cancel, "RESERVATION_NOT_FOUND", Ann, 2, 3, 4));
    }

    [Fact]
    public void A_key_that_was_sold_twice()
    {
        Only(Promise.OneEffectPerKey, Evidence.OnSale().Reserved(1, Ann, "k").Reserved(3, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").Sold(Ann, 3, 3, 4, "k"));
    }

    [Fact]
    public void A_repeat_that_is_refused_although_the_first_was_accepted()
    {
        Only(Promise.OneEffectPerKey, Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").Refused("SOLD_OUT", Ann, 3, 4, "k"));
    }

    [Fact]
    public void A_repeat_with_another_quantity_that_is_accepted()
    {
        Only(Promise.OneEffectPerKey, Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k")
            .Called(new(Verb.Reserve, Evidence.Gala, Ann, "k", 2), 3, 4,
                new(Outcome.Ok, 200, Reservation: new("gala-2", 1, "CONFIRMED", 2, null))));
    }

    [Fact]
    public void A_reservation_that_nobody_asked_for()
    {
        Only(Promise.NoPhantom, Evidence.OnSale().Reserved(1, Ann, "k").Unknown(Ann, 1, 2, "j"));
        Only(Promise.NoPhantom, Evidence.OnSale().Reserved(1, Ann, "k").Unknown(Ann, 1, 2, "k", quantity: 2));
        Only(Promise.NoPhantom, Evidence.OnSale().Reserved(1, Ann).Unknown(Bob, 1, 2));
    }

    [Fact]
    public void More_reservations_than_calls_of_which_nobody_knows()
    {
        Only(Promise.NoPhantom, Evidence.OnSale().Reserved(1, Ann).Reserved(1, Ann).Reserved(1, Ann)
            .Unknown(Ann, 1, 2).Sold(Ann, 3, 1, 2));
    }

    [Fact]
    public void A_cancellation_that_nobody_asked_for()
    {
        Only(Promise.NoPhantom, Evidence.OnSale().Reserved(1, Ann, "k").Cancelled(3, Ann, 2).Sold(Ann, 2, 1, 2, "k"));
    }

    [Fact]
    public void A_refused_call_that_had_an_effect()
    {
        Only(Promise.RefusedMeansNoEffect, Evidence.OnSale().Reserved(1, Ann, "k").Refused("BUSY", Ann, 1, 2, "k"));
        Only(Promise.RefusedMeansNoEffect, Evidence.OnSale().Reserved(1, Ann).Refused("BUSY", Ann, 1, 2));
        Only(Promise.RefusedMeansNoEffect, Evidence.OnSale().Reserved(1, Ann, "k").Cancelled(3, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").DidNot(Verb.Cancel, "BUSY", Ann, 2, 3, 4));
    }

    [Fact]
    public void A_hold_that_was_confirmed_after_its_end()
    {
        Only(Promise.HoldsEndOnTime, Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k").Confirmed(11, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Confirm, Ann, 2, 11, 12));
    }

    [Fact]
    public void A_hold_that_ended_too_early()
    {
        Only(Promise.HoldsEndOnTime, Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k").Expired(10.9, Ann, 2).Sold(Ann, 2, 1, 2, "k"));
    }

    [Fact]
    public void A_sale_that_expired()
    {
        Only(Promise.HoldsEndOnTime, Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k").Confirmed(5, Ann, 2).Expired(11, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Confirm, Ann, 2, 4, 6));
    }

    [Fact]
    public void A_hold_that_is_shorter_than_its_terms()
    {
        Only(Promise.HoldsEndOnTime, Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k", heldUntil: 5).Sold(Ann, 2, 1, 2, "k"));
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
        Only(Promise.SoldWithinTerms, Evidence.OnSale().Row(StoredKind.Paused, 1).Reserved(2, Ann, "k").Sold(Ann, 3, 2, 3, "k"));
        Only(Promise.SoldWithinTerms, new Evidence(new(10, OpensAt: Noon.AddSeconds(5))).Reserved(2, Ann, "k").Sold(Ann, 2, 2, 3, "k"));
        Only(Promise.SoldWithinTerms, new Evidence(new(10, ClosesAt: Noon.AddSeconds(2))).Reserved(2, Ann, "k").Sold(Ann, 2, 2, 3, "k"));
    }

    [Fact]
    public void Numbers_that_never_were()
    {
        Only(Promise.HonestNumbers, Evidence.OnSale(capacity: 5).Shown(4, 0, 1, 5, 1, 2));
    }

    [Fact]
    public void Numbers_that_were_true_too_long_ago()
    {
        Only(Promise.HonestNumbers, Evidence.OnSale(capacity: 5).Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Shown(5, 0, 0, 9, 3.1, 4));
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
            .Refused("BUSY", Ann, 1, 2, phase: Phase.Healed).Refused("LIMIT_EXCEEDED", Bob, 1, 2, quantity: 11, phase: Phase.Healed));
    }

    [Fact]
    public void A_member_who_never_got_an_answer()
    {
        var options = new AuditOptions { HealedShareMin = 0 };

        Assert.Equal([Promise.Progress], Evidence.OnSale().Unknown(Ann, 1, 2, "k")
            .Refused("LIMIT_EXCEEDED", Bob, 9, 10, quantity: 11, phase: Phase.Healed).Broken(options));
    }

    internal static void Only(Promise promise, Evidence evidence)
    {
        var verdict = evidence.Verdict();
        Assert.True(verdict.Broken.SequenceEqual([promise]), verdict.ToString());
    }
}

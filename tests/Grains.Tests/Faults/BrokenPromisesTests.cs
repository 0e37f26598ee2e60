using BoxOffice.Testing.Faults;

using static BoxOffice.Grains.Tests.Faults.Finding;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>
/// The smallest evidence of each broken promise, which only that promise's own check finds.
/// </summary>
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
        Only(
            Promise.NoOversell,
            Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Reserved(1, Bob, "k").Cancelled(2, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Sold(Bob, 3, 1, 2, "k").Did(Verb.Cancel, Ann, 2, 2, 3));
    }

    [Fact]
    public void A_capacity_below_what_was_sold()
    {
        Only(
            Promise.NoOversell,
            Evidence.OnSale(capacity: 5).Reserved(1, Ann, "k", 3).Changed(2, new(2, 10)).Sold(Ann, 2, 1, 2, "k", 3));
    }

    [Fact]
    public void An_accepted_reservation_that_is_not_in_the_journal()
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Sold(Ann, 2, 1, 2, "k"));
    }

    [Fact]
    public void A_sale_of_an_event_that_has_no_journal()
    {
        var history = History.Of(Noon, new Operation(
            1, new(Verb.Reserve, "ball", Ann, null, 1), TimeSpan.Zero, TimeSpan.FromSeconds(1),
            new(Outcome.Ok, 200, Reservation: new("ball-2", 1, "CONFIRMED", 2, null))));

        Assert.Equal([Promise.NothingAcknowledgedIsLost], Audit.Check(history).Broken);
    }

    [Fact]
    public void A_reservation_that_two_members_were_given()
    {
        Only(
            Promise.NothingAcknowledgedIsLost,
            Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Sold(Bob, 2, 1, 2, "k"));
    }

    [Fact]
    public void A_reservation_that_one_member_was_given_for_two_calls()
    {
        Only(
            Promise.NothingAcknowledgedIsLost,
            Evidence.OnSale().Reserved(1, Ann).Sold(Ann, 2, 1, 2).Sold(Ann, 2, 1, 2));
        Only(
            Promise.NothingAcknowledgedIsLost,
            Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Sold(Ann, 2, 1, 2, "j"));
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

    [Theory]
    [InlineData(Verb.Cancel)]
    [InlineData(Verb.Find)]
    public void A_member_who_is_answered_that_there_is_no_such_reservation(Verb verb)
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").DidNot(verb, "RESERVATION_NOT_FOUND", Ann, 2, 2.1, 3));
    }

    [Fact]
    public void A_reservation_that_was_looked_at_and_is_another()
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k")
            .Reserved(1, Ann, "l").Sold(Ann, 3, 1, 2, "l").Found(Ann, 2, shown: 3, "CONFIRMED", 3, 4));
    }

    [Fact]
    public void An_entry_that_is_dated_three_seconds_after_it_was_told()
    {
        Only(Promise.HoldsEndOnTime, Evidence.OnSale(holdSeconds: 10).Reserved(5, Ann, "k").Sold(Ann, 2, 1, 2, "k"));
    }

    [Fact]
    public void An_entry_that_is_dated_three_seconds_before_it_was_asked_for()
    {
        Only(Promise.HoldsEndOnTime, Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k").Sold(Ann, 2, 4, 5, "k"));
    }

    [Theory]
    [InlineData("CONFIRMED")]
    [InlineData("HELD")]
    public void A_list_with_a_reservation_that_is_not_in_the_journal(string status)
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Listed(Ann, Ann, 2, status, 1, 2));
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Listed(null, Ann, 2, status, 1, 2));
    }

    [Fact]
    public void A_list_with_a_state_or_an_owner_that_a_reservation_never_had()
    {
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").Listed(Ann, Ann, 2, "CONFIRMED", 3, 4));
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").Listed(Ann, Ann, 2, "CANCELLED", 3, 4));
        Only(Promise.NothingAcknowledgedIsLost, Evidence.OnSale().Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").Listed(null, Bob, 2, "CONFIRMED", 3, 4));
    }

    [Fact]
    public void A_key_that_was_sold_twice()
    {
        Only(Promise.OneEffectPerKey, Evidence.OnSale().Reserved(1, Ann, "k").Reserved(3, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").Sold(Ann, 3, 3, 4, "k"));
    }

    [Fact]
    public void A_key_that_was_sold_twice_because_the_journal_lost_it()
    {
        Assert.Contains(Promise.OneEffectPerKey, Evidence.OnSale().Reserved(1, Ann).Reserved(3, Ann)
            .Sold(Ann, 2, 1, 2, "k").Sold(Ann, 3, 3, 4, "k").Broken());
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
}

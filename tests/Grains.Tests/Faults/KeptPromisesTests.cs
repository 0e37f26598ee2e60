using BoxOffice.Testing.Faults;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>Honest histories, the hard ones among them, that an audit must not complain about.</summary>
public sealed class KeptPromisesTests
{
    [Fact]
    public void An_unknown_call_may_have_happened()
    {
        Assert.Empty(Evidence.OnSale().Reserved(1, Ann, "k").Unknown(Ann, 1, 2, "k").Broken());
        Assert.Empty(Evidence.OnSale().Reserved(1, Ann).Unknown(Ann, 1, 2).Broken());
    }

    [Fact]
    public void An_unknown_call_need_not_have_happened()
    {
        Assert.Empty(Evidence.OnSale().Unknown(Ann, 1, 2, "k").Unknown(Bob, 1, 2).Broken());
    }

    [Fact]
    public void A_new_owner_that_takes_the_event_over_changes_nothing()
    {
        Assert.Empty(Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Row(StoredKind.TakenOver, 3)
            .Sold(Ann, 2, 1, 2, "k").Refused("SOLD_OUT", Bob, 3, 4, "k").Broken());
    }

    [Fact]
    public void An_unknown_call_may_happen_long_after_it_was_given_up()
    {
        Assert.Empty(Evidence.OnSale().Reserved(2, Bob, "k").Reserved(90, Ann, "k")
            .Unknown(Ann, 1, 2, "k").Sold(Bob, 2, 2, 3, "k").Broken());
    }

    [Fact]
    public void A_call_without_an_answer_is_unknown()
    {
        Assert.Empty(
            Evidence.OnSale().Reserved(1, Ann, "k").Called(new(Verb.Reserve, Evidence.Gala, Ann, "k", 1), 1).Broken());
    }

    [Fact]
    public void A_repeat_after_an_unknown_call_gets_what_that_call_got_even_when_others_came_between()
    {
        Assert.Empty(Evidence.OnSale().Reserved(1, Ann, "k").Reserved(3, Bob, "k")
            .Unknown(Ann, 1, 2, "k").Sold(Bob, 3, 3, 4, "k").Sold(Ann, 2, 5, 6, "k").Broken());
    }

    [Fact]
    public void A_repeat_after_busy_may_be_accepted()
    {
        Assert.Empty(
            Evidence.OnSale().Reserved(3, Ann, "k").Refused("BUSY", Ann, 1, 2, "k").Sold(Ann, 2, 3, 4, "k").Broken());
        Assert.Empty(Evidence.OnSale().Reserved(3, Ann).Refused("BUSY", Ann, 1, 2).Sold(Ann, 2, 3, 4).Broken());
    }

    [Fact]
    public void The_same_key_sent_twice_at_once_is_sold_once()
    {
        Assert.Empty(Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Sold(Ann, 2, 1, 3, "k").Broken());
    }

    [Fact]
    public void The_same_key_with_another_quantity_is_refused()
    {
        Assert.Empty(Evidence.OnSale().Reserved(1, Ann, "k")
            .Sold(Ann, 2, 1, 2, "k").Refused("IDEMPOTENCY_MISMATCH", Ann, 3, 4, "k", quantity: 2).Broken());
    }

    [Fact]
    public void A_cancelled_ticket_is_sold_again()
    {
        Assert.Empty(Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Cancelled(5, Ann, 2).Reserved(6, Bob, "k")
            .Sold(Ann, 2, 1, 2, "k")
                .Refused("SOLD_OUT", Bob, 2, 3, "k").Did(Verb.Cancel, Ann, 2, 4, 5.1).Sold(Bob, 4, 6, 7, "k")
            .Sold(Ann, 2, 8, 9, "k").Broken());
    }

    [Fact]
    public void A_new_owner_writes_that_it_took_over_before_it_refuses()
    {
        Assert.Empty(Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Row(StoredKind.TakenOver, 3)
            .Sold(Ann, 2, 1, 2, "k").Refused("SOLD_OUT", Bob, 3, 4, "k").Shown(0, 0, 1, 3, 5, 6).Broken());
    }

    [Fact]
    public void An_expired_ticket_is_sold_again()
    {
        Assert.Empty(Evidence.OnSale(capacity: 1, holdSeconds: 10)
            .Reserved(1, Ann, "k").Expired(11, Ann, 2).Reserved(11, Bob, "k")
            .Confirmed(12, Bob, 4)
            .Sold(Ann, 2, 1, 2, "k")
                .Refused("ALL_HELD", Bob, 5, 6).Sold(Bob, 4, 11, 11.5, "k").Did(Verb.Confirm, Bob, 4, 12, 13)
            .DidNot(Verb.Confirm, "HOLD_EXPIRED", Ann, 2, 12, 13).Refused("SOLD_OUT", Ann, 13, 14).Broken());
    }

    [Fact]
    public void A_confirm_that_was_unknown_may_be_repeated()
    {
        Assert.Empty(Evidence.OnSale(holdSeconds: 10).Reserved(1, Ann, "k").Confirmed(3, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").DidNot(Verb.Confirm, null, Ann, 2, 3, 4).Did(Verb.Confirm, Ann, 2, 5, 6).Broken());
    }

    [Fact]
    public void Confirming_what_was_sold_at_once_leaves_no_entry()
    {
        Assert.Empty(
            Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Did(Verb.Confirm, Ann, 2, 3, 4).Broken());
    }

    [Fact]
    public void Who_asks_for_another_members_reservation_is_told_that_there_is_none()
    {
        Assert.Empty(Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k")
            .DidNot(Verb.Cancel, "RESERVATION_NOT_FOUND", Bob, 2, 3, 4).Broken());
    }

    [Fact]
    public void Who_asks_before_the_reservation_was_told_may_hear_that_there_is_none()
    {
        Assert.Empty(Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k")
            .DidNot(Verb.Cancel, "RESERVATION_NOT_FOUND", Ann, 2, 1.9, 3).Broken());
    }

    [Fact]
    public void A_refusal_may_rest_on_a_moment_within_its_own_time_or_the_slack_before()
    {
        var evidence = Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Cancelled(5, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Cancel, Ann, 2, 5, 5.5);

        Assert.Empty(evidence.Refused("SOLD_OUT", Bob, 0, 1).Refused("SOLD_OUT", Bob, 6.4, 7).Broken());
    }

    [Fact]
    public void A_refusal_may_rest_on_an_unknown_sale_from_the_moment_it_was_asked_for()
    {
        Assert.Empty(
            Evidence.OnSale(capacity: 1)
                .Reserved(1, Ann, "k").Unknown(Ann, 1, 20, "k").Refused("SOLD_OUT", Bob, 1, 2).Broken());
    }

    [Fact]
    public void A_frozen_owner_may_store_late_what_it_decided_early()
    {
        // Decided at 5 and stored at 60: until then the cancelled ticket was not on sale, and to say so was honest.
        Assert.Empty(Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Cancelled(5, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Cancel, Ann, 2, 4, 61).Refused("SOLD_OUT", Bob, 40, 41).Broken());
    }

    [Fact]
    public void A_limit_is_told_from_what_the_member_had()
    {
        Assert.Empty(Evidence.OnSale(maxPerMember: 2)
            .Reserved(1, Ann, "k", 2).Cancelled(9, Ann, 2, 2).Sold(Ann, 2, 1, 2, "k", 2)
            .Refused("LIMIT_EXCEEDED", Ann, 3, 4)
                .Refused("LIMIT_EXCEEDED", Bob, 3, 4, quantity: 3).Did(Verb.Cancel, Ann, 2, 9, 10, 2).Broken());
    }

    [Fact]
    public void Numbers_are_true_at_a_moment()
    {
        Assert.Empty(Evidence.OnSale(capacity: 5)
            .Shown(5, 0, 0, 5, 0.5, 0.9).Reserved(1, Ann, "k", 2).Sold(Ann, 2, 1, 2, "k", 2)
            .Shown(5, 0, 0, 5, 1, 2).Shown(3, 0, 2, 9, 1, 2).Shown(3, 0, 2, 9, 5, 6).Broken());
    }

    [Fact]
    public void A_list_has_what_is_or_was()
    {
        Assert.Empty(Evidence.OnSale(holdSeconds: 10)
            .Reserved(1, Ann, "k").Confirmed(3, Ann, 2).Sold(Ann, 2, 1, 2, "k").Did(Verb.Confirm, Ann, 2, 3, 4)
            .Listed(Ann, Ann, 2, "HELD", 2.5, 3.5)
                .Listed(Ann, Ann, 2, "CONFIRMED", 3, 4).Listed(null, Ann, 2, "CONFIRMED", 5, 6).Broken());
    }

    [Fact]
    public void What_was_told_before_a_database_went_back_is_held_against_nothing()
    {
        var evidence = Evidence.OnSale().Reserved(5, Bob, "k")
            .Sold(Ann, 2, 1, 2, "k")
                .Listed(Ann, Ann, 2, "CONFIRMED", 2, 3)
                    .Shown(9, 0, 1, 2, 2, 3).Sold(Bob, 2, 5, 6, "k", phase: Phase.Healed);

        Assert.Empty(evidence.Broken(new() { ForgetsUntil = TimeSpan.FromSeconds(4) }));
        Assert.Contains(Promise.NothingAcknowledgedIsLost, evidence.Broken());
    }

    [Fact]
    public void After_healing_everybody_has_an_answer()
    {
        Assert.Empty(Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Unknown(Ann, 1, 2, "k").Unknown(Bob, 1, 2, "k")
            .Sold(Ann, 2, 9, 10, "k", phase: Phase.Healed)
                .Refused("SOLD_OUT", Bob, 9, 10, "k", phase: Phase.Healed).Broken());
    }
}

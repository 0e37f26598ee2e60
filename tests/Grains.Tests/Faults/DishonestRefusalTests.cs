using BoxOffice.Testing.Faults;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>Refusals whose reason did not hold. Each is found as that, and as nothing else.</summary>
public sealed class DishonestRefusalTests
{
    [Fact]
    public void Sold_out_while_tickets_were_left_from_the_first_entry_to_the_last()
    {
        var evidence = Evidence.OnSale(capacity: 2)
            .Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Refused("SOLD_OUT", Bob, 1, 2);

        Finds(evidence);
        Assert.Equal(
            [Promise.HonestRefusal], evidence.Broken(new() { ClockTolerance = null, Slack = TimeSpan.FromDays(1) }));
    }

    [Fact]
    public void Sold_out_before_the_last_ticket_was_asked_for()
    {
        Finds(
            Evidence.OnSale(capacity: 1).Reserved(5, Ann, "k").Sold(Ann, 2, 5, 6, "k").Refused("SOLD_OUT", Bob, 1, 4));
    }

    [Fact]
    public void Sold_out_before_the_last_ticket_was_decided_by_the_journals_clock()
    {
        var evidence = Evidence.OnSale(capacity: 1)
            .Reserved(5, Ann, "k").Sold(Ann, 2, 1, 6, "k").Refused("SOLD_OUT", Bob, 1, 4);

        Finds(evidence);
        Assert.Empty(evidence.Broken(new() { ClockTolerance = null }));
    }

    [Fact]
    public void Sold_out_long_after_a_ticket_came_back()
    {
        Finds(Evidence.OnSale(capacity: 1).Reserved(1, Ann, "k").Cancelled(3, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Cancel, Ann, 2, 3, 4).Refused("SOLD_OUT", Bob, 5.1, 6));
    }

    [Fact]
    public void Sold_out_while_it_was_only_held()
    {
        Finds(
            Evidence.OnSale(capacity: 1, holdSeconds: 60)
                .Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Refused("SOLD_OUT", Bob, 3, 4));
    }

    [Fact]
    public void All_held_after_the_hold_has_ended()
    {
        var evidence = Evidence.OnSale(capacity: 1, holdSeconds: 10).Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k")
            .Refused("ALL_HELD", Bob, 12.5, 13);

        Finds(evidence);
        Assert.Empty(evidence.Broken(new() { ClockTolerance = null }));
    }

    [Fact]
    public void Too_few_while_there_were_enough()
    {
        Finds(Evidence.OnSale(capacity: 3).Refused("INSUFFICIENT", Ann, 1, 2, quantity: 2, available: 1));
        Finds(Evidence.OnSale(capacity: 3).Refused("INSUFFICIENT", Ann, 1, 2, quantity: 2, available: 3));
        Finds(Evidence.OnSale(capacity: 3).Refused("INSUFFICIENT", Ann, 1, 2, quantity: 3));
    }

    [Fact]
    public void Over_the_limit_while_below_it()
    {
        Finds(
            Evidence.OnSale(maxPerMember: 2)
                .Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Refused("LIMIT_EXCEEDED", Ann, 3, 4));
        Finds(Evidence.OnSale(maxPerMember: 1).Reserved(1, Ann, "k").Cancelled(3, Ann, 2)
            .Sold(Ann, 2, 1, 2, "k").Did(Verb.Cancel, Ann, 2, 3, 4).Refused("LIMIT_EXCEEDED", Ann, 5.1, 6));
    }

    [Fact]
    public void No_such_event_after_it_was_opened()
    {
        Finds(Evidence.OnSale().Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").Refused("EVENT_NOT_FOUND", Bob, 3.1, 4));
    }

    [Fact]
    public void Paused_while_it_was_not()
    {
        Finds(Evidence.OnSale().Row(StoredKind.Paused, 1).Row(StoredKind.Resumed, 2).Reserved(2, Ann, "k")
            .Sold(Ann, 4, 2, 3, "k").Refused("PAUSED", Bob, 4.1, 5));
    }

    [Fact]
    public void Another_quantity_while_the_key_is_new()
    {
        Finds(Evidence.OnSale().Refused("IDEMPOTENCY_MISMATCH", Ann, 1, 2, "k"));
    }

    [Fact]
    public void Already_cancelled_while_it_was_not()
    {
        Finds(
            Evidence.OnSale()
                .Reserved(1, Ann, "k").Sold(Ann, 2, 1, 2, "k").DidNot(Verb.Confirm, "ALREADY_CANCELLED", Ann, 2, 3, 4));
    }

    private static void Finds(Evidence evidence) => Finding.Only(Promise.HonestRefusal, evidence);
}

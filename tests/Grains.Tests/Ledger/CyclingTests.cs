using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>
/// How many reservations one member may cancel before further ones have to wait: each stays in the journal.
/// </summary>
public sealed class CyclingTests
{
    private const int LetGoMax = ReservationLedger.CyclesMax;

    [Fact]
    public void A_member_who_cancelled_a_hundred_can_still_reserve()
    {
        var ledger = OnSale(maxPerMember: 5);

        LetGo(ledger, Ann, LetGoMax);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon).Status);
    }

    [Fact]
    public void One_more_waits_a_minute_and_other_members_do_not()
    {
        var ledger = OnSale(maxPerMember: 5);
        LetGo(ledger, Ann, LetGoMax + 1);

        var refused = ledger.Reserve(Ann, 1, Noon);

        Assert.Equal(ReserveStatus.Cycling, refused.Status);
        Assert.Equal(new Refusal(Noon, RetryAt: Noon.AddMinutes(1)), refused.Refusal);
        Assert.Equal(ReserveStatus.Cycling, ledger.Reserve(Ann, 1, Noon.AddMinutes(1).AddMicroseconds(-1)).Status);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon.AddMinutes(1)).Status);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 1, Noon).Status);
    }

    [Fact]
    public void Holds_that_expire_count_as_those_that_are_cancelled()
    {
        var ledger = OnSale(capacity: 1_000, maxPerMember: 5, holdSeconds: 1);
        var now = Noon;
        var status = ReserveStatus.Reserved;
        for (var i = 0; i < 200 && status == ReserveStatus.Reserved; i++, now = now.AddSeconds(1))
            status = ledger.Reserve(Ann, 1, now).Status;

        Assert.Equal(ReserveStatus.Cycling, status);
    }

    [Fact]
    public void A_member_who_may_have_many_may_cancel_many()
    {
        var ledger = OnSale(capacity: 1_000, maxPerMember: 1_000);

        LetGo(ledger, Ann, 1_000);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon).Status);
    }

    [Fact]
    public void A_member_with_the_largest_limit_cancels_and_reserves_again()
    {
        var ledger = OnSale(capacity: EventTerms.CapacityMax, maxPerMember: EventTerms.CapacityMax);

        LetGo(ledger, Ann, 1);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon).Status);
    }

    [Fact]
    public void One_member_who_never_stops_adds_a_few_thousand_entries_a_day()
    {
        var ledger = OnSale(maxPerMember: 1);
        for (var now = Noon; now < Noon.AddDays(1); now = now.AddSeconds(1)) LetGo(ledger, Ann, 1, now);

        Assert.InRange(ledger.HeadSequence, 2 * 1_440, (2 * (1_440 + LetGoMax)) + 10);
    }

    [Fact]
    public void A_repetition_of_a_sale_gets_its_first_answer_during_the_wait()
    {
        var ledger = OnSale(maxPerMember: 5);
        ledger.Reserve(Ann, 1, Noon, "key");
        LetGo(ledger, Ann, LetGoMax + 1);

        Assert.Equal(ReserveStatus.Replayed, ledger.Reserve(Ann, 1, Noon, "key").Status);
    }

    [Fact]
    public void A_front_end_that_does_not_know_the_answer_does_not_get_it()
    {
        var ledger = OnSale(maxPerMember: 5);
        LetGo(ledger, Ann, LetGoMax + 1);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(new ReserveRequest(Ann, null, 1), Noon).Status);
    }

    private static void LetGo(ReservationLedger ledger, string memberId, int count, DateTimeOffset? at = null)
    {
        for (var i = 0; i < count; i++)
        {
            if (ledger.Reserve(memberId, 1, at ?? Noon).Reservation is { } reservation)
                ledger.Cancel(memberId, reservation.Sequence, at ?? Noon);
        }
    }
}

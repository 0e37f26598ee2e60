using BoxOffice.Grains.Ledger;

using static BoxOffice.ReserveStatus;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>
/// Which answer a reserve call gets when several would be true at once: the one that the contract lists first.
/// Every pair that can hold together is arranged.
/// </summary>
public sealed class PrecedenceTests
{
    private static readonly ReserveStatus[] InOrder =
    [
        EventNotFound, Replayed, IdempotencyMismatch, InvalidQuantity, Paused, NotOpen, Closed, LimitExceeded, SoldOut,
        AllHeld, Insufficient, Cycling,
    ];

    public static TheoryData<ReserveStatus> Reasons => [.. InOrder];

    public static TheoryData<ReserveStatus, ReserveStatus> Pairs =>
    [
        .. from earlier in InOrder
           from later in InOrder
           where earlier < later && !Exclude(earlier, later)
           select (earlier, later),
    ];

    [Fact]
    public void Without_a_reason_to_refuse_it_is_reserved()
    {
        Assert.Equal(Reserved, AnswerWhen());
    }

    [Theory, MemberData(nameof(Reasons))]
    public void Each_reason_alone_is_the_answer(ReserveStatus reason)
    {
        Assert.Equal(reason, AnswerWhen(reason));
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Of_two_reasons_the_earlier_is_the_answer(ReserveStatus earlier, ReserveStatus later)
    {
        Assert.Equal(earlier, AnswerWhen(earlier, later));
    }

    [Fact]
    public void The_numbers_of_the_outcomes_follow_the_precedence()
    {
        // numbers do not change, and Cycling came last
        Assert.Equal(
            [.. InOrder.Where(status => status != Cycling), Reserved, Cycling], Enum.GetValues<ReserveStatus>());
    }

    /// <summary>Whether two reasons can never be true of one call.</summary>
    private static bool Exclude(ReserveStatus earlier, ReserveStatus later) => (earlier, later) switch
    {
        (EventNotFound, not InvalidQuantity) => true, // all others speak of an event that was opened
        (Replayed, IdempotencyMismatch or InvalidQuantity) => true, // the first call's quantity was valid
        (NotOpen, Closed) or (SoldOut, AllHeld) => true,
        _ => false,
    };

    /// <summary>What Ann is answered when all of these are true of her call.</summary>
    private static ReserveStatus AnswerWhen(params ReserveStatus[] reasons)
    {
        var ledger = reasons.Contains(EventNotFound) ? new() : OnSale(capacity: 2_000, maxPerMember: 2_000);
        if (reasons.Contains(Cycling)) AnnCycles(ledger);
        ledger.Reserve(Ann, 2, Noon, "used");

        if (reasons.Contains(SoldOut)) BobTakes(1_998, ledger);
        if (reasons.Contains(Insufficient) && !reasons.Contains(SoldOut)) BobTakes(1_997, ledger);
        if (reasons.Contains(AllHeld)) BobHoldsTheRest(ledger);
        if (reasons.Contains(LimitExceeded)) ledger.Change(new(MaxPerMember: 3), Noon);
        else if (reasons.Contains(Cycling)) ledger.Change(new(MaxPerMember: 5), Noon);
        if (reasons.Contains(NotOpen)) ledger.Change(new(OpensAt: new(Noon.AddSeconds(2))), Noon);
        if (reasons.Contains(Closed)) ledger.Change(new(ClosesAt: new(Noon.AddSeconds(1))), Noon);
        if (reasons.Contains(Paused)) ledger.Pause(Noon);

        var quantity = reasons.Contains(InvalidQuantity) ? 1_001 : reasons.Contains(Replayed) ? 2 : 3;
        var key = reasons.Contains(Replayed) || reasons.Contains(IdempotencyMismatch) ? "used" : "new";
        return ledger.Reserve(Ann, quantity, Noon.AddSeconds(1), key).Status;
    }

    private static void AnnCycles(ReservationLedger ledger)
    {
        for (var i = 0; i <= ReservationLedger.CyclesMax; i++)
            ledger.Cancel(Ann, ledger.Reserve(Ann, 1, Noon).Reservation!.Value.Sequence, Noon);
    }

    private static void BobTakes(int quantity, ReservationLedger ledger)
    {
        ledger.Reserve(Bob, 1_000, Noon);
        ledger.Reserve(Bob, quantity - 1_000, Noon);
    }

    private static void BobHoldsTheRest(ReservationLedger ledger)
    {
        ledger.Change(new(HoldSeconds: 60), Noon);
        if (ledger.Available > 1_000) ledger.Reserve(Bob, 1_000, Noon);
        ledger.Reserve(Bob, ledger.Available, Noon);
    }
}

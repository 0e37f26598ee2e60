namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>What a front-end may refuse without a call.</summary>
public sealed class SoldOutNoticeTests
{
    [Fact]
    public void There_is_none_while_a_ticket_is_left_or_held_or_the_sale_stands_still()
    {
        Assert.Null(OnSale(capacity: 2).SoldOut(Noon));

        var held = OnSale(capacity: 1, holdSeconds: 60);
        held.Reserve(Ann, 1, Noon);
        Assert.Null(held.SoldOut(Noon));

        var paused = OnSale(capacity: 1);
        paused.Reserve(Ann, 1, Noon);
        paused.Pause(Noon);
        Assert.Null(paused.SoldOut(Noon));
    }

    [Fact]
    public void A_key_whose_tickets_were_given_back_still_belongs_to_its_call()
    {
        var ledger = OnSale(capacity: 1);
        ledger.Reserve(new(Ann, "key", 1), Noon);
        ledger.Cancel(Ann, 2, Noon);
        ledger.Reserve(Bob, 1, Noon);

        var notice = ledger.SoldOut(Noon)!;

        Assert.False(notice.IsFor(new(Ann, "key", 1)));
        Assert.True(notice.IsFor(new(Ann, "another", 1)));
        Assert.True(notice.IsFor(new(Bob, "key", 1)));
    }

    [Fact]
    public void It_is_for_exactly_the_calls_that_the_ledger_refuses_as_sold_out()
    {
        var answers = new Dictionary<ReserveStatus, int>();
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var ledger = OnSale(capacity: random.Next(1, 12), maxPerMember: random.Next(1, 5));
            for (var i = 0; i < 200 && ledger.Available > 0; i++)
            {
                var sold = ledger.Reserve(AnyCall(random), Noon).Reservation;
                if (sold is { } one && random.Next(5) == 0) ledger.Cancel($"m{random.Next(6)}", one.Sequence, Noon);
            }
            if (ledger.SoldOut(Noon) is not { } notice) continue;
            for (var i = 0; i < 100; i++)
            {
                var call = AnyCall(random);
                var answer = ledger.Reserve(call, Noon).Status;
                answers[answer] = answers.GetValueOrDefault(answer) + 1;
                Assert.True(notice.IsFor(call) == (answer == ReserveStatus.SoldOut), $"seed {seed}: {call}: {answer}");
            }
        }

        Assert.True(answers[ReserveStatus.SoldOut] > 1_000, "too few calls were sold out");
        Assert.Equal(
            [
                ReserveStatus.Replayed, ReserveStatus.IdempotencyMismatch, ReserveStatus.InvalidQuantity,
                ReserveStatus.LimitExceeded, ReserveStatus.SoldOut,
            ],
            answers.Keys.Order());
    }

    private static ReserveRequest AnyCall(Random random) =>
        new($"m{random.Next(6)}", random.Next(2) == 0 ? null : $"k{random.Next(3)}", random.Next(0, 5));
}

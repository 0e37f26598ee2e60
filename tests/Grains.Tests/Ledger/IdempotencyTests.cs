using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>The same request twice gives the same answer, after any calls in between.</summary>
public sealed class IdempotencyTests
{
    private static readonly Reservation FirstAnswer = new(2, 2, ReservationState.Held, Noon, Noon.AddSeconds(60));

    /// <summary>What may happen between Ann's call at noon and its repetition.</summary>
    private static readonly Dictionary<string, Action<ReservationLedger>> Between = new()
    {
        ["nothing"] = _ => { },
        ["confirm"] = ledger => ledger.Confirm(Ann, 2, Noon),
        ["cancel"] = ledger => ledger.Cancel(Ann, 2, Noon),
        ["confirm and cancel"] = ledger => { ledger.Confirm(Ann, 2, Noon); ledger.Cancel(Ann, 2, Noon); },
        ["expiry"] = ledger => ledger.ExpireDue(Noon.AddSeconds(60)),
        ["pause"] = ledger => ledger.Pause(Noon),
        ["close"] = ledger => ledger.Change(new(ClosesAt: new(Noon)), Noon),
        ["opening put off"] = ledger => ledger.Change(new(OpensAt: new(Noon.AddDays(1))), Noon),
        ["all held"] = ledger => ledger.Reserve(Bob, 8, Noon),
        ["sold out"] = ledger =>
        {
            ledger.Confirm(Ann, 2, Noon);
            ledger.Reserve(Bob, 8, Noon);
            ledger.Confirm(Bob, 4, Noon);
        },
        ["lower limit"] = ledger => ledger.Change(new(MaxPerMember: 1), Noon),
        ["other hold time"] = ledger => ledger.Change(new(HoldSeconds: 0), Noon),
    };

    public static TheoryData<string> Happenings => [.. Between.Keys];

    [Theory, MemberData(nameof(Happenings))]
    public void A_repeat_gets_the_first_answer_after(string happening)
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        var first = ledger.Reserve(Ann, 2, Noon, "key");
        Between[happening](ledger);
        ledger.Taken();
        var stock = ledger.Stock();

        var repeat = ledger.Reserve(Ann, 2, Noon.AddSeconds(1), "key");

        Assert.Equal(new(ReserveStatus.Reserved, FirstAnswer), first);
        Assert.Equal(new(ReserveStatus.Replayed, FirstAnswer), repeat);
        Assert.Equal(stock, ledger.Stock());
        Assert.False(ledger.HasUncommitted);
    }

    [Theory, MemberData(nameof(Happenings))]
    public void The_key_with_another_quantity_is_a_mismatch_after(string happening)
    {
        var ledger = OnSale(capacity: 10, holdSeconds: 60);
        ledger.Reserve(Ann, 2, Noon, "key");
        Between[happening](ledger);
        ledger.Taken();

        var result = ledger.Reserve(Ann, 3, Noon.AddSeconds(1), "key");

        Assert.Equal(new(ReserveStatus.IdempotencyMismatch), result);
        Assert.False(ledger.HasUncommitted);
    }

    [Fact]
    public void A_repeat_of_a_sale_at_once_says_confirmed_even_after_it_was_cancelled()
    {
        var ledger = OnSale(holdSeconds: 0);
        ledger.Reserve(Ann, 2, Noon, "key");
        ledger.Cancel(Ann, 2, Noon);

        var repeat = ledger.Reserve(Ann, 2, Noon.AddSeconds(1), "key");

        Assert.Equal(new(ReserveStatus.Replayed, new(2, 2, ReservationState.Confirmed, Noon, null)), repeat);
        Assert.Equal((10, 0, 0), ledger.Stock());
    }

    [Fact]
    public void A_repeat_that_comes_in_the_same_batch_gets_the_first_answer_too()
    {
        var ledger = OnSale();

        var first = ledger.Reserve(Ann, 1, Noon, "key");
        var repeat = ledger.Reserve(Ann, 1, Noon, "key");

        Assert.Equal(ReserveStatus.Replayed, repeat.Status);
        Assert.Equal(first.Reservation, repeat.Reservation);
        Assert.Single(ledger.Taken());
    }

    [Fact]
    public void A_repeat_gets_the_first_answer_from_the_next_activation()
    {
        var before = new ReservationLedger();
        before.Open(new("Concert", 10, 10, HoldSeconds: 60), Operator, Noon);
        before.Reserve(Ann, 2, Noon, "key");
        before.Confirm(Ann, 2, Noon);
        var after = ReplayOf(before.Taken());

        var repeat = after.Reserve(Ann, 2, Noon.AddSeconds(1), "key");

        Assert.Equal(new(ReserveStatus.Replayed, FirstAnswer), repeat);
    }

    [Fact]
    public void Keys_are_each_members_own()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon, "key");

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 2, Noon, "key").Status);
        Assert.Equal(ReserveStatus.Replayed, ledger.Reserve(Bob, 2, Noon, "key").Status);
    }

    [Fact]
    public void Keys_that_differ_only_in_case_are_two_keys()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon, "key");

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon, "KEY").Status);
    }

    [Fact]
    public void The_key_of_any_of_a_members_reservations_is_found_however_many_there_are()
    {
        var ledger = OnSale(capacity: 100, maxPerMember: 100);
        for (var count = 1; count <= 30; count++)
        {
            ledger.Reserve(Ann, 1, Noon, count % 5 == 0 ? null : $"key{count}");
            ledger.Reserve(Bob, 1, Noon, $"key{count}");
            for (var i = 1; i <= count; i++)
            {
                if (i % 5 > 0) Assert.Equal(2 * i, ledger.Reserve(Ann, 1, Noon, $"key{i}").Reservation?.Sequence);
                Assert.Equal((2 * i) + 1, ledger.Reserve(Bob, 1, Noon, $"key{i}").Reservation?.Sequence);
            }
        }
        var entries = ledger.Taken()
            .Prepend(new(1, EntryKind.Opened, Noon, Operator, Terms: new("Gala", 100, 100))).ToList();
        var loaded = new ReservationLedger();
        foreach (var (part, bytes) in SnapshotTests.PartsOf(entries, partEntries: 10)) loaded.Load(part, bytes);

        Assert.Equal(4, loaded.Reserve(Ann, 1, Noon, "key2").Reservation?.Sequence);
        Assert.Equal(56, loaded.Reserve(Ann, 1, Noon, "key28").Reservation?.Sequence);
        Assert.Equal(ReserveStatus.Reserved, loaded.Reserve(Ann, 1, Noon, "key31").Status);
        Assert.Equal(ReserveStatus.Replayed, loaded.Reserve(Ann, 1, Noon, "key31").Status);
    }

    [Fact]
    public void Two_keys_are_two_reservations()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon, "first");

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon, "second").Status);
        Assert.Equal(2, ledger.ReservationCount);
    }

    [Fact]
    public void Without_a_key_every_call_is_a_new_one()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon);

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon).Status);
        Assert.Equal(2, ledger.ReservationCount);
    }

    [Fact]
    public void A_refused_attempt_is_not_remembered()
    {
        var ledger = OnSale(capacity: 2);
        ledger.Reserve(Bob, 1, Noon);

        Assert.Equal(ReserveStatus.Insufficient, ledger.Reserve(Ann, 2, Noon, "key").Status);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon, "key").Status);
        Assert.Equal(ReserveStatus.IdempotencyMismatch, ledger.Reserve(Ann, 2, Noon, "key").Status);
    }

    [Fact]
    public void A_mismatch_does_not_replace_what_is_remembered()
    {
        var ledger = OnSale();
        ledger.Reserve(Ann, 1, Noon, "key");
        ledger.Reserve(Ann, 2, Noon, "key");

        Assert.Equal(ReserveStatus.Replayed, ledger.Reserve(Ann, 1, Noon, "key").Status);
    }
}

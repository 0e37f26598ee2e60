using static BoxOffice.Api.Tests.SoldOut;

namespace BoxOffice.Api.Tests;

/// <summary>Which calls a front-end refuses by itself, and when it asks the event.</summary>
public sealed class SoldOutLatchTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task After_a_sold_out_answer_the_front_end_refuses_without_asking_the_event()
    {
        var (gala, frontEnd) = await SoldOutAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => StatusAsync(frontEnd, $"late{i}")));

        Assert.All(statuses, status => Assert.Equal(ReserveStatus.SoldOut, status));
        Assert.Equal(2, gala.ReserveBatches); // the buyer, and the first call that came too late
    }

    [Fact]
    public async Task Calls_with_keys_cost_the_event_one_question_together_and_no_decision()
    {
        var (gala, frontEnd) = await SoldOutAsync();
        gala.KeepAnswersBack();
        var (batches, decisions) = (gala.ReserveBatches, gala.ReserveCalls);

        var calls = Enumerable.Range(0, 1_000).Select(i => StatusAsync(frontEnd, $"late{i}", $"key{i}")).ToList();
        gala.GiveAnswers();

        Assert.All(await Task.WhenAll(calls), status => Assert.Equal(ReserveStatus.SoldOut, status));
        Assert.Equal(batches + 2, gala.ReserveBatches); // the first call, and all that came while it was under way
        Assert.Equal(decisions, gala.ReserveCalls);
    }

    [Fact]
    public async Task A_repeat_gets_the_first_answer_although_another_front_end_sold_a_moment_ago()
    {
        var (gala, frontEnd) = await SoldOutAsync();
        await gala.Cancel("ann", 2);
        await gala.Reserve([new("kim", "kim's key", 1)], DateTimeOffset.MaxValue); // at another front-end

        var repeat = await StatusAsync(frontEnd, "kim", "kim's key");
        var calls = gala.ReserveCalls;
        var other = await StatusAsync(frontEnd, "kim", "another key");

        Assert.Equal((ReserveStatus.Replayed, ReserveStatus.LimitExceeded), (repeat, other));
        Assert.Equal(ReserveStatus.SoldOut, await StatusAsync(frontEnd, "lee", "lee's key"));
        Assert.Equal(calls + 1, gala.ReserveCalls); // the latch was closed for lee
    }

    [Fact]
    public async Task The_event_is_asked_again_when_its_answer_is_too_old()
    {
        var (gala, frontEnd) = await SoldOutAsync();

        for (var i = 0; i < 10; i++)
        {
            _time.Move(Later);
            await StatusAsync(frontEnd, "bob");
            await StatusAsync(frontEnd, "kim");
        }

        Assert.Equal(2 + 10, gala.ReserveBatches);
        Assert.Equal(1, gala.SoldOutCalls); // the notice did not change
    }

    [Fact]
    public async Task A_ticket_that_another_front_end_gave_back_is_on_sale_after_the_time_at_the_latest()
    {
        var (gala, frontEnd) = await SoldOutAsync();
        await gala.Cancel("ann", 2);

        var atOnce = await StatusAsync(frontEnd, "bob");
        _time.Move(Later);
        var inTime = await StatusAsync(frontEnd, "bob");

        Assert.Equal((ReserveStatus.SoldOut, ReserveStatus.Reserved), (atOnce, inTime));
    }

    [Fact]
    public async Task A_ticket_that_was_given_back_through_this_front_end_is_on_sale_at_once()
    {
        var (gala, frontEnd) = await SoldOutAsync();
        await gala.Cancel("ann", 2);
        frontEnd.Latches.Open("gala");

        Assert.Equal(ReserveStatus.Reserved, await StatusAsync(frontEnd, "bob"));
    }

    [Fact]
    public async Task An_answer_from_before_a_ticket_came_back_does_not_close_the_latch()
    {
        var (gala, frontEnd) = await SoldOutAsync(failure: new NotAppliedException("The event is changing owners."));
        gala.Failure = null;
        gala.KeepAnswersBack();
        var late = StatusAsync(frontEnd, "kim");
        gala.GiveAnswers(andKeepTheNext: true); // the front-end asks for a notice, which is delayed
        _time.Move(Soon);
        _ = gala.Cancel("ann", 2);
        frontEnd.Latches.Open("gala");
        gala.GiveAnswers();

        Assert.Equal(ReserveStatus.SoldOut, await late);
        Assert.Equal(ReserveStatus.Reserved, await StatusAsync(frontEnd, "bob"));
    }

    [Fact]
    public async Task Repeats_and_calls_beyond_the_limit_are_answered_by_the_event()
    {
        var (_, frontEnd) = await SoldOutAsync();

        Assert.Equal(ReserveStatus.Replayed, await StatusAsync(frontEnd, "ann", "key"));
        Assert.Equal(ReserveStatus.IdempotencyMismatch, await StatusAsync(frontEnd, "ann", "key", quantity: 2));
        Assert.Equal(ReserveStatus.LimitExceeded, await StatusAsync(frontEnd, "ann"));
    }

    [Fact]
    public async Task A_member_who_has_a_ticket_and_may_have_more_is_refused_without_asking()
    {
        var (gala, frontEnd) = await SoldOutAsync(maxPerMember: 2);

        Assert.Equal(ReserveStatus.SoldOut, await StatusAsync(frontEnd, "ann"));
        Assert.Equal(2, gala.ReserveBatches); // the first ticket, and the first call that came too late
        Assert.Equal(ReserveStatus.LimitExceeded, await StatusAsync(frontEnd, "ann", quantity: 2));
    }

    [Theory]
    [InlineData(0, ReserveStatus.InvalidQuantity)]
    [InlineData(1, ReserveStatus.SoldOut)]
    [InlineData(2, ReserveStatus.LimitExceeded)]
    [InlineData(1_001, ReserveStatus.InvalidQuantity)]
    public async Task A_quantity_gets_the_answer_that_the_event_would_give(int quantity, ReserveStatus expected)
    {
        var (_, frontEnd) = await SoldOutAsync();

        Assert.Equal(expected, await StatusAsync(frontEnd, "bob", quantity: quantity));
    }

    [Fact]
    public async Task A_latch_stays_open_when_the_event_does_not_say_who_has_tickets()
    {
        var (gala, frontEnd) = await SoldOutAsync(failure: new NotAppliedException("The event is changing owners."));

        await StatusAsync(frontEnd, "bob");
        await StatusAsync(frontEnd, "kim");
        gala.Failure = null;
        await StatusAsync(frontEnd, "lee"); // now it gets a notice
        await StatusAsync(frontEnd, "mia");

        Assert.Equal(2 + 3, gala.ReserveBatches);
    }

    [Fact]
    public async Task After_a_slow_sold_out_notice_the_event_is_not_asked_for_another_for_ten_times_as_long()
    {
        var (gala, frontEnd) = await SoldOutAsync();
        await gala.Change(new(Name: "Another"), "boss");
        _time.Move(Later);
        gala.KeepAnswersBack();
        var first = StatusAsync(frontEnd, "bob");
        gala.GiveAnswers(andKeepTheNext: true); // the front-end asks for a notice
        _time.Move(TimeSpan.FromMilliseconds(100));
        gala.GiveAnswers();
        await gala.Change(new(Name: "Yet another"), "boss");

        _time.Move(TimeSpan.FromMilliseconds(999));
        var second = await StatusAsync(frontEnd, "kim");
        var tooEarly = gala.SoldOutCalls;
        _time.Move(TimeSpan.FromMilliseconds(1));
        var third = await StatusAsync(frontEnd, "lee");

        Assert.All([await first, second, third], status => Assert.Equal(ReserveStatus.SoldOut, status));
        Assert.Equal((2, 3), (tooEarly, gala.SoldOutCalls));
    }

    [Fact]
    public async Task Without_trust_every_call_goes_to_the_event()
    {
        var (gala, frontEnd) = await SoldOutAsync(trusted: TimeSpan.Zero);

        for (var i = 0; i < 10; i++)
        {
            _time.Move(TimeSpan.FromTicks(1));
            await StatusAsync(frontEnd, $"late{i}");
        }

        Assert.Equal(2 + 10, gala.ReserveBatches);
    }

    private Task<(LedgerEvent Gala, FrontEnd FrontEnd)> SoldOutAsync(
        TimeSpan? trusted = null, Exception? failure = null, int maxPerMember = 1) =>
        SoldOut.BeginAsync(_time, _time.Move, trusted, failure, maxPerMember);
}

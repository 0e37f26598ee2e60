using BoxOffice.Api.Reserving;
using BoxOffice.Grains.Ledger;
using Microsoft.Extensions.Time.Testing;

namespace BoxOffice.Api.Tests;

public sealed class SoldOutLatchTests
{
    private static readonly TimeSpan Trusted = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Later = Trusted + TimeSpan.FromMilliseconds(1);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Once_the_event_said_that_it_is_sold_out_the_front_end_refuses_without_asking()
    {
        var (gala, frontEnd) = await SoldOutAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => StatusAsync(frontEnd, $"late{i}")));

        Assert.All(statuses, status => Assert.Equal(ReserveStatus.SoldOut, status));
        Assert.Equal(2, gala.ReserveBatches); // the buyer, and the first who came too late
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
        Assert.Equal(batches + 2, gala.ReserveBatches); // of the first, and of all who came while it was under way
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
        Assert.Equal(calls + 1, gala.ReserveCalls); // the latch was shut for lee
    }

    [Fact]
    public async Task The_event_is_asked_again_when_its_word_is_too_old()
    {
        var (gala, frontEnd) = await SoldOutAsync();

        for (var i = 0; i < 10; i++)
        {
            _time.Move(Later);
            await StatusAsync(frontEnd, "bob");
            await StatusAsync(frontEnd, "kim");
        }

        Assert.Equal(2 + 10, gala.ReserveBatches);
        Assert.Equal(1, gala.SoldOutCalls); // who has tickets did not change
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
        var (gala, frontEnd) = await SoldOutAsync(trouble: new NotAppliedException("The event is changing owners."));
        gala.Trouble = null;
        gala.KeepAnswersBack();
        var late = StatusAsync(frontEnd, "kim");
        gala.GiveAnswers(andKeepTheNext: true); // the front-end asks who has tickets, and the answer is on its way
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
        Assert.Equal(2, gala.ReserveBatches); // the first ticket, and the first who came too late
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
        var (gala, frontEnd) = await SoldOutAsync(trouble: new NotAppliedException("The event is changing owners."));

        await StatusAsync(frontEnd, "bob");
        await StatusAsync(frontEnd, "kim");
        gala.Trouble = null;
        await StatusAsync(frontEnd, "lee"); // now it learns
        await StatusAsync(frontEnd, "mia");

        Assert.Equal(2 + 3, gala.ReserveBatches);
    }

    [Fact]
    public async Task Whoever_was_not_sent_to_an_event_that_failed_is_not_in_doubt()
    {
        var time = new FakeTimeProvider();
        var (gala, frontEnd) = await SoldOutAsync(time, time.Advance);
        time.Advance(Later); // the latch does not answer by itself, and the event is asked whether anything has happened
        gala.NextFailure = new OutcomeUnknownException("The silo was lost.");

        Assert.Equal(ReserveStatus.SoldOut, await time.UntilAsync(StatusAsync(frontEnd, "bob"))); // without a key, and yet asked for again
        Assert.Null(gala.NextFailure);
    }

    [Fact]
    public async Task Whoever_was_sent_after_all_is_in_doubt_when_that_answer_is_lost()
    {
        var time = new FakeTimeProvider();
        var (gala, frontEnd) = await SoldOutAsync(time, time.Advance, maxPerMember: 3);
        time.Advance(Later);
        await gala.Change(new(Capacity: 5), "boss"); // the event says that something has happened, and bob is sent
        gala.AnswersUntilLoss = 1;

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => time.UntilAsync(StatusAsync(frontEnd, "bob")));
        Assert.Equal(ReserveStatus.Reserved, await StatusAsync(frontEnd, "kim")); // behind whatever is asked again
        Assert.Single(gala.Journal, entry => entry.Kind == EntryKind.Reserved && entry.Actor == "bob");
    }

    [Fact]
    public async Task Of_a_batch_whose_answer_is_lost_only_those_who_were_sent_are_in_doubt()
    {
        var time = new FakeTimeProvider();
        var (gala, frontEnd) = await SoldOutAsync(time, time.Advance);
        time.Advance(Later);
        gala.KeepAnswersBack();
        var first = StatusAsync(frontEnd, "first");
        var sent = StatusAsync(frontEnd, "bob", quantity: 2); // more than one may have: the event answers that itself
        var notSent = StatusAsync(frontEnd, "kim");
        gala.AnswersUntilLoss = 1;
        gala.GiveAnswers();

        Assert.Equal(ReserveStatus.SoldOut, await first);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => time.UntilAsync(sent));
        Assert.Equal(ReserveStatus.SoldOut, await notSent);
    }

    [Fact]
    public async Task A_defect_of_the_event_is_told_and_not_repeated_to_whoever_was_not_sent_too()
    {
        var time = new FakeTimeProvider();
        var (gala, frontEnd) = await SoldOutAsync(time, time.Advance);
        time.Advance(Later);
        gala.NextFailure = new InvalidOperationException("A defect.");

        await Assert.ThrowsAsync<InvalidOperationException>(() => time.UntilAsync(StatusAsync(frontEnd, "bob")));
    }

    [Fact]
    public async Task An_event_that_needs_long_to_say_who_has_tickets_is_left_in_peace_ten_times_as_long()
    {
        var (gala, frontEnd) = await SoldOutAsync();
        await gala.Change(new(Name: "Another"), "boss");
        _time.Move(Later);
        gala.KeepAnswersBack();
        var first = StatusAsync(frontEnd, "bob");
        gala.GiveAnswers(andKeepTheNext: true); // the front-end asks who has tickets
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

    [Fact]
    public async Task Every_answer_is_one_that_the_event_would_have_given_within_the_time()
    {
        var refusals = 0;
        for (var seed = 1; seed <= 200; seed++)
        {
            var (untrue, all) = await LiveAsync(seed, Trusted);
            Assert.Empty(untrue);
            refusals += all;
        }

        Assert.True(refusals > 1_000, $"only {refusals} refusals were looked at");
    }

    [Fact]
    public async Task The_search_for_untrue_refusals_finds_them_when_the_latch_trusts_too_long()
    {
        var found = 0;
        for (var seed = 1; seed <= 20; seed++) found += (await LiveAsync(seed, TimeSpan.FromSeconds(10))).Untrue.Count;

        Assert.True(found > 0);
    }

    /// <summary>
    /// A crowd with a few tickets at two front-ends, of which one has the latch: tickets are bought, given back, added and
    /// paused, answers are late, and time passes. Gives the answers that are not true: a refusal by the latch that no moment
    /// within the time explains, and an answer of the event that no moment between call and answer does. And how many
    /// refusals there were.
    /// </summary>
    private async Task<(List<string> Untrue, int Refusals)> LiveAsync(int seed, TimeSpan trusted)
    {
        var random = new Random(seed);
        var (gala, frontEnd) = await SoldOutAsync(trusted: trusted);
        var waiting = new List<(ReserveRequest Request, int Head, Task<DecidedCall> Answer)>();
        var (untrue, refusals) = (new List<string>(), 0);
        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(16))
            {
                case 0: GiveBack(); break;
                case 1: _ = gala.Change(new(Capacity: random.Next(1, 6), MaxPerMember: random.Next(1, 4)), "boss"); break;
                case 2: _ = random.Next(4) == 0 ? gala.Pause("boss") : gala.Resume("boss"); break;
                case 3: gala.KeepAnswersBack(); break;
                case 4: gala.GiveAnswers(); break;
                case 5 or 6: _ = gala.Reserve([Request()], DateTimeOffset.MaxValue); break; // at another front-end
                default: Reserve(Request()); break;
            }
            await FakeTime.YieldAsync();
            waiting.RemoveAll(IsJudged);
            _time.Move(TimeSpan.FromMilliseconds(random.Next(60)));
        }
        return (untrue, refusals);

        ReserveRequest Request() => new($"m{random.Next(30)}", random.Next(2) == 0 ? null : $"k{random.Next(3)}", random.Next(1, 3));

        void GiveBack()
        {
            var sales = gala.Journal.Where(entry => entry.Kind == EntryKind.Reserved).ToList();
            var sale = sales[random.Next(sales.Count)];
            _ = gala.Cancel(sale.Actor, sale.Sequence);
        }

        void Reserve(ReserveRequest request)
        {
            if (!frontEnd.Latches.Refuses("gala", request))
            {
                waiting.Add((request, gala.Journal.Length, frontEnd.Coalescer.ReserveAsync("gala", request)));
                return;
            }
            refusals++;
            var journal = gala.Journal;
            var now = _time.GetUtcNow();
            // Each head was the last from its entry's moment until the next entry's.
            var heads = Enumerable.Range(1, journal.Length).Where(head => head == journal.Length || journal[head].DecidedAt >= now - Trusted);
            if (!heads.Any(head => WouldSay(journal[..head], request) == ReserveStatus.SoldOut)) untrue.Add($"seed {seed}: {request} was refused");
        }

        bool IsJudged((ReserveRequest Request, int Head, Task<DecidedCall> Answer) call)
        {
            if (!call.Answer.IsCompletedSuccessfully) return false;
            var (journal, status) = (gala.Journal, call.Answer.Result.Answer.Status);
            var heads = Enumerable.Range(call.Head, journal.Length - call.Head + 1);
            if (!heads.Any(head => WouldSay(journal[..head], call.Request) == status)) untrue.Add($"seed {seed}: {call.Request} got {status}");
            if (status == ReserveStatus.SoldOut) refusals++;
            return true;
        }

        ReserveStatus WouldSay(JournalEntry[] entries, ReserveRequest request)
        {
            var ledger = new ReservationLedger();
            foreach (var entry in entries) ledger.Replay(entry);
            return ledger.Reserve(request, _time.GetUtcNow()).Status;
        }
    }

    /// <summary>An event with one ticket, which ann bought, and a front-end that has just heard of it from somebody who came too late.</summary>
    private Task<(LedgerEvent Gala, FrontEnd FrontEnd)> SoldOutAsync(TimeSpan? trusted = null, Exception? trouble = null, int maxPerMember = 1) =>
        SoldOutAsync(_time, _time.Move, trusted, trouble, maxPerMember);

    private static async Task<(LedgerEvent Gala, FrontEnd FrontEnd)> SoldOutAsync(
        TimeProvider time, Action<TimeSpan> move, TimeSpan? trusted = null, Exception? trouble = null, int maxPerMember = 1)
    {
        var gala = new LedgerEvent(time) { Trouble = trouble };
        await gala.Open(new("Gala", Capacity: 1, maxPerMember, HoldSeconds: 0), "boss");
        var frontEnd = FrontEnd.Over(gala, new() { SoldOutTrustedFor = trusted ?? Trusted }, time);
        await StatusAsync(frontEnd, "ann", "key");
        move(Later); // the buyer's answer said it too
        await StatusAsync(frontEnd, "too late");
        return (gala, frontEnd);
    }

    private static async Task<ReserveStatus> StatusAsync(FrontEnd frontEnd, string member, string? key = null, int quantity = 1) =>
        (await frontEnd.Coalescer.ReserveAsync("gala", new(member, key, quantity))).Answer.Status;
}

using BoxOffice.Api.Reserving;
using BoxOffice.Grains.Ledger;
using static BoxOffice.Api.Tests.SoldOut;

namespace BoxOffice.Api.Tests;

/// <summary>Random runs: the event itself would have given every refusal within the trusted time.</summary>
public sealed class SoldOutTruthTests
{
    private readonly ManualTime _time = new();

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
    /// A crowd with a few tickets at two front-ends, of which one has the latch: tickets are bought, cancelled, added
    /// and paused, answers are late, and time passes. Returns the untrue answers (a refusal by the latch that the event
    /// would not have given at any time within the trusted time; an answer of the event that it would not have given at
    /// any time between call and answer), and the number of refusals.
    /// </summary>
    private async Task<(List<string> Untrue, int Refusals)> LiveAsync(int seed, TimeSpan trusted)
    {
        var random = new Random(seed);
        var (gala, frontEnd) = await BeginAsync(_time, _time.Move, trusted);
        var waiting = new List<(ReserveRequest Request, int Head, Task<DecidedCall> Answer)>();
        var (untrue, refusals) = (new List<string>(), 0);
        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(16))
            {
                case 0: GiveBack(); break;
                case 1:
                    _ = gala.Change(
                    new(Capacity: random.Next(1, 6), MaxPerMember: random.Next(1, 4)), "boss"); break;
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

        ReserveRequest Request() => new(
            $"m{random.Next(30)}", random.Next(2) == 0 ? null : $"k{random.Next(3)}", random.Next(1, 3));

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
            // Each head was the last from its entry's time until the next entry's.
            var heads = Enumerable.Range(1, journal.Length)
                .Where(head => head == journal.Length || journal[head].DecidedAt >= now - Trusted);
            if (!heads.Any(head => WouldSay(journal[..head], request) == ReserveStatus.SoldOut))
                untrue.Add($"seed {seed}: {request} was refused");
        }

        bool IsJudged((ReserveRequest Request, int Head, Task<DecidedCall> Answer) call)
        {
            if (!call.Answer.IsCompletedSuccessfully) return false;
            var (journal, status) = (gala.Journal, call.Answer.Result.Answer.Status);
            var heads = Enumerable.Range(call.Head, journal.Length - call.Head + 1);
            if (!heads.Any(head => WouldSay(journal[..head], call.Request) == status))
                untrue.Add($"seed {seed}: {call.Request} got {status}");
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
}

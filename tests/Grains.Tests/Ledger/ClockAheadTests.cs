using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>
/// A journal that a wrong clock wrote ends in the future; an owner with a correct clock continues by a rule, and
/// reports it.
/// </summary>
public sealed class ClockAheadTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(60)]
    [InlineData(3_600)]
    [InlineData(86_400)]
    public void A_hold_lives_as_long_as_promised_though_the_journal_ends_in_the_future(int secondsAhead)
    {
        var ledger = WrittenAhead(secondsAhead, holdSeconds: 2);

        var hold = ledger.Reserve(Ann, 1, Noon).Reservation!.Value;
        var asked = ledger.Reserve(Bob, 1, Noon.AddSeconds(1.5)).Refusal!;
        var stateBefore = ledger.Find(Ann, hold.Sequence, Noon.AddSeconds(1.999)).Reservation!.Value.State;
        var stateAfter = ledger.Find(Ann, hold.Sequence, Noon.AddSeconds(2)).Reservation!.Value.State;

        Assert.Equal(Noon.AddSeconds(2), hold.ExpiresAt);
        Assert.Equal(TimeSpan.FromSeconds(0.5), asked.RetryAt - asked.DecidedAt);
        Assert.Equal(ReservationState.Held, stateBefore);
        Assert.Equal(ReservationState.Expired, stateAfter);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Bob, 1, Noon.AddSeconds(2)).Status);
    }

    [Fact]
    public void A_hold_can_be_confirmed_until_it_ends_and_all_of_it_can_be_replayed()
    {
        var ledger = WrittenAhead(3_600, holdSeconds: 600);
        ledger.Reserve(Ann, 1, Noon);

        var confirmed = ledger.Confirm(Ann, 2, Noon.AddSeconds(599));
        ledger.Cancel(Ann, 2, Noon.AddSeconds(700));

        Assert.Equal(ReservationStatus.Done, confirmed.Status);
        Assert.Equal(ledger.LastDecidedAt, ReplayOf([Opened(3_600, 600), .. ledger.Taken()]).LastDecidedAt);
    }

    [Fact]
    public void The_event_says_so_until_the_clock_has_caught_up()
    {
        var ledger = WrittenAhead(60, holdSeconds: 0);

        Assert.Equal(TimeSpan.FromSeconds(60), ledger.Status(Noon).ClockAhead);
        Assert.Equal(TimeSpan.FromSeconds(3), ledger.Status(Noon.AddSeconds(57)).ClockAhead);
        Assert.Null(ledger.Status(Noon.AddSeconds(58)).ClockAhead);
    }

    [Fact]
    public void A_sale_opens_and_closes_by_the_clock_and_not_by_the_journal()
    {
        var ledger = ReplayOf(
            [Opened(3_600, 0) with { Terms = new("Concert", 10, 10, 0, Noon.AddMinutes(10), Noon.AddMinutes(30)) }]);

        var early = ledger.Reserve(Ann, 1, Noon);

        Assert.Equal(ReserveStatus.NotOpen, early.Status);
        Assert.Equal(TimeSpan.FromMinutes(10), early.Refusal!.RetryAt - early.Refusal.DecidedAt);
        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon.AddMinutes(10)).Status);
        Assert.Equal(ReserveStatus.Closed, ledger.Reserve(Ann, 1, Noon.AddMinutes(30)).Status);
    }

    [Fact]
    public void No_call_waits_for_a_time_that_stands_still()
    {
        var ledger = WrittenAhead(3_600, holdSeconds: 0);
        for (var i = 0; i < ReservationLedger.CyclesMax + 10; i++)
        {
            if (ledger.Reserve(Ann, 1, Noon).Reservation is { } made) ledger.Cancel(Ann, made.Sequence, Noon);
        }

        Assert.Equal(ReserveStatus.Reserved, ledger.Reserve(Ann, 1, Noon.AddMinutes(2)).Status);
    }

    /// <summary>
    /// The clock of each owner is wrong by another amount. Holds that an owner made end at their time while it lives. A
    /// seed is a life of twenty owners.
    /// </summary>
    [Fact]
    public void For_any_clocks_of_its_owners_an_event_ends_no_hold_early_and_none_two_seconds_late()
    {
        for (var seed = 1; seed <= 300; seed++) LiveThrough(new Random(seed), seed);
    }

    private static void LiveThrough(Random random, int seed)
    {
        int[] steps = [0, 0, 1, 2, 3, 60, 3_600, 86_400];
        var ledger = WrittenAhead(0, holdSeconds: 20, capacity: 1_000);
        List<JournalEntry> journal = [Opened(0, 20, 1_000)];
        var now = TimeSpan.Zero; // true time
        for (var owner = 0; owner < 20; owner++)
        {
            var wrongBy = TimeSpan.FromSeconds(steps[random.Next(steps.Length)] * (random.Next(2) == 0 ? 1 : -1));
            var holds = new Dictionary<long, TimeSpan>();
            for (var call = 0; call < 30; call++)
            {
                now += TimeSpan.FromSeconds(random.NextDouble() * 3);
                var clock = Noon + now + wrongBy;
                if (ledger.Reserve(Ann, 1, clock).Reservation is { } made) holds.Add(made.Sequence, now);
                foreach (var (sequence, since) in holds)
                {
                    var isHeld = ledger.Find(Ann, sequence, clock).Reservation!.Value.State == ReservationState.Held;
                    var lived = (now - since).TotalSeconds;
                    Assert.True(isHeld || lived > 19.999, $"seed {seed}: a hold ended after {lived} s");
                    Assert.True(!isHeld || lived <= 22, $"seed {seed}: a hold lived for {lived} s");
                }
            }
            journal.AddRange(ledger.Taken());
            ledger = ReplayOf(journal);
        }
    }

    private static JournalEntry Opened(int secondsAhead, int holdSeconds, int capacity = 1) => new(
        1, EntryKind.Opened, Noon.AddSeconds(secondsAhead), Operator,
        Terms: new("Concert", capacity, capacity, holdSeconds));

    private static ReservationLedger WrittenAhead(int secondsAhead, int holdSeconds, int capacity = 1) =>
        ReplayOf([Opened(secondsAhead, holdSeconds, capacity)]);
}

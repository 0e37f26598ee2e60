using BoxOffice.Grains.Clocks;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Grains.Tests;

/// <summary>The clock that is sold by: what it believes, how fast it follows, and what it says.</summary>
public sealed class SaleClockTests
{
    private static readonly TimeSpan BelievedAfter = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<double> Steps => [2, -2, 60, -60, 3_600, -3_600, 86_400, -86_400];

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_short_step_changes_nothing_and_is_reported_twice(double seconds)
    {
        var world = new World();

        world.Run(10);
        world.Step(seconds);
        world.Run(1);
        var told = world.Clock.Step;
        world.Step(-seconds);
        world.Run(600);

        Assert.Equal(seconds, told!.Value.TotalSeconds, 1.0);
        Assert.Null(world.Clock.Step);
        Assert.Equal([ClockChange.StepBegan, ClockChange.StepOver], world.Told);
        Assert.InRange(world.WorstErrorOfTrueTime, 0, 0.1);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_lasting_step_is_reported_until_the_clock_has_followed_and_holds_are_off_by_a_twentieth_at_most(double seconds)
    {
        var world = new World();

        world.Run(10);
        world.Step(seconds);
        world.Run((int)BelievedAfter.TotalSeconds - 2);
        var beforeItIsBelieved = world.WorstErrorOfTrueTime;
        world.Run((int)(Math.Abs(seconds) / SaleClock.SlewRate) + 30);

        Assert.InRange(beforeItIsBelieved, 0, 0.1);
        Assert.Null(world.Clock.Step);
        Assert.Equal([ClockChange.StepBegan, ClockChange.StepBelieved, ClockChange.StepOver], world.Told);
        Assert.InRange(world.SlowestSecond, 0.9499, 1);
        Assert.InRange(world.FastestSecond, 1, 1.0501);
        Assert.InRange((world.Clock.GetUtcNow() - world.SourceNow).TotalSeconds, -0.1, 0.1);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(-0.3)]
    public void A_small_difference_is_corrected_slowly_and_without_a_report(double seconds)
    {
        var world = new World();

        world.Step(seconds);
        world.Run(30);

        Assert.Empty(world.Told);
        Assert.InRange((world.Clock.GetUtcNow() - world.SourceNow).TotalSeconds, -0.01, 0.01);
        Assert.InRange(world.SlowestSecond, 0.9499, 1);
        Assert.InRange(world.FastestSecond, 1, 1.0501);
    }

    [Fact]
    public void A_slow_reading_is_not_used()
    {
        var world = new World();

        world.Observe(new(world.SourceNow.AddSeconds(4), world.Steady.Now.Ticks, TimeSpan.FromSeconds(8)));
        world.Run(10);

        Assert.Empty(world.Told);
        Assert.Null(world.Clock.Step);
        Assert.InRange(world.WorstErrorOfTrueTime, 0, 0.01);
    }

    [Fact]
    public void The_time_that_a_machine_was_suspended_is_added_at_once()
    {
        var world = new World();

        world.Run(10);
        world.Sleep(3_600);
        world.Run(1);

        Assert.Empty(world.Told);
        Assert.InRange((world.Clock.GetUtcNow() - world.SourceNow).TotalSeconds, -0.05, 0.05);
    }

    [Fact]
    public void A_process_that_alone_stood_still_adopts_the_time_of_the_others_within_seconds()
    {
        var world = new World(others: [0, 0, 0.1]);

        world.Run(10);
        world.Pause(30);
        world.Run(10);

        Assert.Equal([ClockChange.StepBegan, ClockChange.CaughtUp], world.Told);
        Assert.InRange((world.Clock.GetUtcNow() - world.SourceNow).TotalSeconds, -0.05, 0.05);
    }

    [Fact]
    public void A_step_that_the_others_find_too_is_not_this_process_s()
    {
        var world = new World { Others = [TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.Zero] };

        world.Step(3_600);
        world.Run(200);

        Assert.InRange(world.WorstErrorOfTrueTime, 0, 0.1);
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public void A_step_that_is_followed_stays_the_same_though_the_source_cannot_be_read_for_a_minute(double seconds)
    {
        var world = new World();
        world.Step(seconds);
        world.Run((int)BelievedAfter.TotalSeconds + 60);

        world.RunUnread(60);
        world.Run(60);

        Assert.Equal([ClockChange.StepBegan, ClockChange.StepBelieved], world.Told);
        var followed = (world.Clock.GetUtcNow() - Noon - world.Steady.Now).TotalSeconds / seconds * 3_600;
        Assert.Equal(180 * SaleClock.SlewRate, followed, 0.1);
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public void A_process_that_starts_while_the_others_follow_a_step_stays_within_a_second_of_them(double seconds)
    {
        var world = new World(others: [seconds, seconds, seconds]);
        var worst = 0.0;

        for (var i = 1; i <= 600; i++)
        {
            var theirs = seconds - (Math.Sign(seconds) * SaleClock.SlewRate * i);
            world.Run(1);
            worst = Math.Max(worst, Math.Abs(world.Clock.Error.TotalSeconds - theirs));
            Array.Fill(world.Others, TimeSpan.FromSeconds(theirs));
        }

        Assert.InRange(worst, 0, 1);
        Assert.InRange(world.SlowestSecond, 0.9499, 1);
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public void A_silo_and_a_front_end_do_not_jump_at_a_step_while_the_readings_of_one_are_slow(double seconds)
    {
        var (good, slow) = (new World(), new World());
        for (var i = 0; i < 120; i++)
        {
            if (i == 11)
            {
                good.Step(seconds);
                slow.Step(seconds);
            }
            slow.Took = i is > 10 and < 60 ? SaleClock.TookMax * 2 : TimeSpan.FromMilliseconds(1);
            good.Run(1);
            if (i % 5 == 0 || i < 11 || i > 60) // what it tells is as old as a reading may last
            {
                slow.Others = good.Votes;
                slow.Run(1);
                good.Others = slow.Votes;
            }
            else
            {
                slow.RunUnread(1);
            }
        }

        Assert.InRange(good.WorstErrorOfTrueTime, 0, 0.1);
        Assert.InRange(slow.WorstErrorOfTrueTime, 0, 0.1);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.6, true)] // no more than the reading itself may be wrong by
    [InlineData(3, false)]
    [InlineData(-3_600, false)]
    public void A_slow_reading_withdraws_the_publication_only_when_it_contradicts_it(double step, bool isTold)
    {
        var world = new World();
        world.Run(1);
        var found = world.Clock.Found;

        world.Step(step);
        world.Took = SaleClock.TookMax * 2;
        world.Run(1);

        Assert.NotNull(found);
        Assert.Equal(isTold ? found : null, world.Clock.Found);
    }

    [Fact]
    public void One_other_process_does_not_lead_away_from_the_source()
    {
        var world = new World(others: []) { Others = [TimeSpan.FromHours(-1)] };

        world.Run(60);

        Assert.InRange(world.WorstErrorOfTrueTime, 0, 0.1);
    }

    [Fact]
    public void A_machines_suspension_is_added_only_as_far_as_the_source_confirms_it()
    {
        var world = new World();
        world.Run(10);

        world.CountAsleep(3_600);
        world.Run(1);

        Assert.InRange(world.WorstErrorOfTrueTime, 0, 0.1);
    }

    [Fact]
    public async Task After_a_failed_reading_of_any_kind_the_next_is_used_and_published()
    {
        await using var source = new BrokenOnce();
        var machine = TimeProvider.System;
        var first = MachineClock.Read();
        var clock = new SaleClock(first with { UtcNow = first.UtcNow.AddHours(-1) }, BelievedAfter, machine);
        using var keeper = new SaleClockKeeper(clock, source, NullLogger<SaleClockKeeper>.Instance);

        await keeper.StartAsync(CancellationToken.None);
        var told = await source.Told.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await keeper.StopAsync(CancellationToken.None);

        Assert.Equal(3_600, told!.Value.TotalSeconds, 0.5);
    }

    [Theory]
    [InlineData(3_600, 3_600, 3_600)]
    [InlineData(-60, -60, 0)]
    public void A_process_that_starts_during_a_step_adopts_the_time_of_the_others(
        double first, double second, double third)
    {
        var world = new World(others: [first, second, third]);

        Assert.Equal(Noon.AddSeconds(-first), world.Clock.GetUtcNow());
    }

    [Fact]
    public async Task It_never_goes_back_for_any_source_and_any_caller()
    {
        var machine = TimeProvider.System;
        var clock = new SaleClock(
            new(machine.GetUtcNow(), machine.GetTimestamp(), TimeSpan.Zero), TimeSpan.FromMilliseconds(5), machine);
        using var end = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
        {
            var (latest, reads) = (DateTimeOffset.MinValue, 0);
            while (!end.IsCancellationRequested || reads < 1_000)
            {
                var now = clock.GetUtcNow();
                Assert.True(now >= latest, $"from {latest:O} to {now:O}");
                (latest, reads) = (now, reads + 1);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();

        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
            clock.Observe(
                new(
                    machine.GetUtcNow().AddSeconds((random.NextDouble() - 0.5) * 3), machine.GetTimestamp(),
                    TimeSpan.Zero));
        await end.CancelAsync();

        await Task.WhenAll(readers);
    }

    /// <summary>
    /// True time, a monotonic clock, a source that can be set, and a clock that reads it each second.
    /// </summary>
    private sealed class World
    {
        private TimeSpan _sourceOffset;
        private TimeSpan _asleep;
        private TimeSpan _missed; // by the monotonic clock

        public World(params double[] others)
        {
            Others = Array.ConvertAll(others, TimeSpan.FromSeconds);
            Clock = new(Reading(), BelievedAfter, Steady);
        }

        /// <summary>What the other processes found.</summary>
        public TimeSpan[] Others { get; set; }

        public Monotonic Steady { get; } = new();

        public SaleClock Clock { get; }

        public List<ClockChange> Told { get; } = [];

        public double WorstErrorOfTrueTime { get; private set; }

        public double SlowestSecond { get; private set; } = 1;

        public double FastestSecond { get; private set; } = 1;

        public DateTimeOffset SourceNow => TrueNow + _sourceOffset;

        private DateTimeOffset TrueNow => Noon + Steady.Now + _missed;

        /// <summary>How long its readings take.</summary>
        public TimeSpan Took { get; set; } = TimeSpan.FromMilliseconds(1);

        /// <summary>What it tells the other processes.</summary>
        public TimeSpan[] Votes => Clock.Found is { } found ? [found] : [];

        public ClockReading Reading() => new(SourceNow, Steady.Now.Ticks, Took, _asleep, Others);

        public void Step(double seconds) => _sourceOffset += TimeSpan.FromSeconds(seconds);

        /// <summary>The machine is suspended: its monotonic clock stands still, and its uptime does not.</summary>
        public void Sleep(double seconds)
        {
            Pause(seconds);
            CountAsleep(seconds);
        }

        public void CountAsleep(double seconds) => _asleep += TimeSpan.FromSeconds(seconds);

        /// <summary>The virtual machine is paused: none of its clocks goes on.</summary>
        public void Pause(double seconds) => _missed += TimeSpan.FromSeconds(seconds);

        public void Observe(ClockReading reading)
        {
            var change = Clock.Observe(reading);
            if (change != ClockChange.None) Told.Add(change);
        }

        /// <summary>Time goes by without a reading.</summary>
        public void RunUnread(int seconds) => Steady.Now += TimeSpan.FromSeconds(seconds);

        public void Run(int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                var before = Clock.GetUtcNow();
                Steady.Now += TimeSpan.FromSeconds(1);
                var second = (Clock.GetUtcNow() - before).TotalSeconds;
                (SlowestSecond, FastestSecond) = (Math.Min(SlowestSecond, second), Math.Max(FastestSecond, second));
                Observe(Reading());
                WorstErrorOfTrueTime = Math.Max(
                    WorstErrorOfTrueTime, Math.Abs((Clock.GetUtcNow() - TrueNow).TotalSeconds));
            }
        }
    }

    private sealed class Monotonic : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    /// <summary>Its first reading fails as one over a connection that broke.</summary>
    private sealed class BrokenOnce : IClockSource
    {
        private bool _isMended;

        public TaskCompletionSource<TimeSpan?> Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ClockReading> ReadAsync(CancellationToken stop)
        {
            if (_isMended) return Task.FromResult(MachineClock.Read());
            _isMended = true;
            throw new InvalidOperationException("Connection is not open");
        }

        public Task TellAsync(TimeSpan? error, CancellationToken stop)
        {
            Told.TrySetResult(error);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

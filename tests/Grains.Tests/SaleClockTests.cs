using BoxOffice.Grains.Clocks;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Grains.Tests;

/// <summary>The sale's clock: what it believes, how fast it follows, and what it reports.</summary>
public sealed class SaleClockTests
{
    private static readonly TimeSpan BelievedAfter = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<double> Steps => [2, -2, 60, -60, 3_600, -3_600, 86_400, -86_400];

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_short_step_changes_nothing_and_is_reported_twice(double seconds)
    {
        var world = new ClockWorld();

        world.Run(10);
        world.Step(seconds);
        world.Run(1);
        var told = world.Clock.Step;
        world.Step(-seconds);
        world.Run(600);

        Assert.Equal(seconds, told!.Value.TotalSeconds, 1.0);
        Assert.Null(world.Clock.Step);
        Assert.Equal([ClockChange.StepBegan, ClockChange.StepOver], world.Reported);
        Assert.InRange(world.WorstErrorOfTrueTime, 0, 0.1);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_lasting_step_is_reported_until_the_clock_has_followed_and_holds_are_off_by_a_twentieth_at_most(
        double seconds)
    {
        var world = new ClockWorld();

        world.Run(10);
        world.Step(seconds);
        world.Run((int)BelievedAfter.TotalSeconds - 2);
        var beforeItIsBelieved = world.WorstErrorOfTrueTime;
        world.Run((int)(Math.Abs(seconds) / SaleClock.SlewRate) + 30);

        Assert.InRange(beforeItIsBelieved, 0, 0.1);
        Assert.Null(world.Clock.Step);
        Assert.Equal([ClockChange.StepBegan, ClockChange.StepBelieved, ClockChange.StepOver], world.Reported);
        Assert.InRange(world.SlowestSecond, 0.9499, 1);
        Assert.InRange(world.FastestSecond, 1, 1.0501);
        Assert.InRange((world.Clock.GetUtcNow() - world.SourceNow).TotalSeconds, -0.1, 0.1);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(-0.3)]
    public void A_small_difference_is_corrected_slowly_and_without_a_report(double seconds)
    {
        var world = new ClockWorld();

        world.Step(seconds);
        world.Run(30);

        Assert.Empty(world.Reported);
        Assert.InRange((world.Clock.GetUtcNow() - world.SourceNow).TotalSeconds, -0.01, 0.01);
        Assert.InRange(world.SlowestSecond, 0.9499, 1);
        Assert.InRange(world.FastestSecond, 1, 1.0501);
    }

    [Fact]
    public void A_slow_reading_is_not_used()
    {
        var world = new ClockWorld();

        world.Observe(new(world.SourceNow.AddSeconds(4), world.Steady.Now.Ticks, TimeSpan.FromSeconds(8)));
        world.Run(10);

        Assert.Empty(world.Reported);
        Assert.Null(world.Clock.Step);
        Assert.InRange(world.WorstErrorOfTrueTime, 0, 0.01);
    }

    [Fact]
    public void The_time_that_a_machine_was_suspended_is_added_at_once()
    {
        var world = new ClockWorld();

        world.Run(10);
        world.Sleep(3_600);
        world.Run(1);

        Assert.Empty(world.Reported);
        Assert.InRange((world.Clock.GetUtcNow() - world.SourceNow).TotalSeconds, -0.05, 0.05);
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public void A_step_that_is_followed_stays_the_same_though_the_source_cannot_be_read_for_a_minute(double seconds)
    {
        var world = new ClockWorld();
        world.Step(seconds);
        world.Run((int)BelievedAfter.TotalSeconds + 60);

        world.RunUnread(60);
        world.Run(60);

        Assert.Equal([ClockChange.StepBegan, ClockChange.StepBelieved], world.Reported);
        var followed = (world.Clock.GetUtcNow() - Noon - world.Steady.Now).TotalSeconds / seconds * 3_600;
        Assert.Equal(180 * SaleClock.SlewRate, followed, 0.1);
    }

    [Fact]
    public void A_machines_suspension_is_added_only_as_far_as_the_source_confirms_it()
    {
        var world = new ClockWorld();
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
        var told = await source.Reported.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await keeper.StopAsync(CancellationToken.None);

        Assert.Equal(3_600, told!.Value.TotalSeconds, 0.5);
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
        {
            var utcNow = machine.GetUtcNow().AddSeconds((random.NextDouble() - 0.5) * 3);
            clock.Observe(new(utcNow, machine.GetTimestamp(), TimeSpan.Zero));
        }
        await end.CancelAsync();

        await Task.WhenAll(readers);
    }

    /// <summary>The first reading fails like one over a broken connection.</summary>
    private sealed class BrokenOnce : IClockSource
    {
        private bool _isMended;

        public TaskCompletionSource<TimeSpan?> Reported { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ClockReading> ReadAsync(CancellationToken stop)
        {
            if (_isMended) return Task.FromResult(MachineClock.Read());
            _isMended = true;
            throw new InvalidOperationException("Connection is not open");
        }

        public Task TellAsync(TimeSpan? error, CancellationToken stop)
        {
            Reported.TrySetResult(error);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

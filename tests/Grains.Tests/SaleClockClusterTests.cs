using BoxOffice.Grains.Clocks;

namespace BoxOffice.Grains.Tests;

/// <summary>The clocks of the processes of a cluster stay together during a step and after a pause.</summary>
public sealed class SaleClockClusterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_process_that_alone_stood_still_adopts_the_time_of_the_others_within_seconds()
    {
        var world = new ClockWorld(others: [0, 0, 0.1]);

        world.Run(10);
        world.Pause(30);
        world.Run(10);

        Assert.Equal([ClockChange.StepBegan, ClockChange.CaughtUp], world.Reported);
        Assert.InRange((world.Clock.GetUtcNow() - world.SourceNow).TotalSeconds, -0.05, 0.05);
    }

    [Fact]
    public void A_step_that_the_others_find_too_is_not_this_process_s()
    {
        var world = new ClockWorld { Others = [TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.Zero] };

        world.Step(3_600);
        world.Run(200);

        Assert.InRange(world.WorstErrorOfTrueTime, 0, 0.1);
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public void A_process_that_starts_while_the_others_follow_a_step_stays_within_a_second_of_them(double seconds)
    {
        var world = new ClockWorld(others: [seconds, seconds, seconds]);
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
        var (good, slow) = (new ClockWorld(), new ClockWorld());
        for (var i = 0; i < 120; i++)
        {
            if (i == 11)
            {
                good.Step(seconds);
                slow.Step(seconds);
            }
            slow.Took = i is > 10 and < 60 ? SaleClock.TookMax * 2 : TimeSpan.FromMilliseconds(1);
            good.Run(1);
            if (i % 5 == 0 || i < 11 || i > 60) // its publication is as old as a reading may last
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
    [InlineData(0.6, true)] // within the error of the reading itself
    [InlineData(3, false)]
    [InlineData(-3_600, false)]
    public void A_slow_reading_withdraws_the_publication_only_when_it_contradicts_it(double step, bool isTold)
    {
        var world = new ClockWorld();
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
        var world = new ClockWorld(others: []) { Others = [TimeSpan.FromHours(-1)] };

        world.Run(60);

        Assert.InRange(world.WorstErrorOfTrueTime, 0, 0.1);
    }

    [Theory]
    [InlineData(3_600, 3_600, 3_600)]
    [InlineData(-60, -60, 0)]
    public void A_process_that_starts_during_a_step_adopts_the_time_of_the_others(
        double first, double second, double third)
    {
        var world = new ClockWorld(others: [first, second, third]);

        Assert.Equal(Noon.AddSeconds(-first), world.Clock.GetUtcNow());
    }
}

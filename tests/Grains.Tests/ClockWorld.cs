using BoxOffice.Grains.Clocks;

namespace BoxOffice.Grains.Tests;

/// <summary>
/// True time, a monotonic clock, a source that can be set, and a clock that reads it each second.
/// </summary>
internal sealed class ClockWorld
{
    private static readonly TimeSpan BelievedAfter = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private TimeSpan _sourceOffset;
    private TimeSpan _asleep;
    private TimeSpan _missed; // by the monotonic clock

    public ClockWorld(params double[] others)
    {
        Others = Array.ConvertAll(others, TimeSpan.FromSeconds);
        Clock = new(Reading(), BelievedAfter, Steady);
    }

    /// <summary>What the other processes found.</summary>
    public TimeSpan[] Others { get; set; }

    public MonotonicTime Steady { get; } = new();

    public SaleClock Clock { get; }

    public List<ClockChange> Reported { get; } = [];

    public double WorstErrorOfTrueTime { get; private set; }

    public double SlowestSecond { get; private set; } = 1;

    public double FastestSecond { get; private set; } = 1;

    public DateTimeOffset SourceNow => TrueNow + _sourceOffset;

    private DateTimeOffset TrueNow => Noon + Steady.Now + _missed;

    /// <summary>How long its readings take.</summary>
    public TimeSpan Took { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>What it publishes to the other processes.</summary>
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

    /// <summary>The virtual machine is paused: all of its clocks stand still.</summary>
    public void Pause(double seconds) => _missed += TimeSpan.FromSeconds(seconds);

    public void Observe(ClockReading reading)
    {
        var change = Clock.Observe(reading);
        if (change != ClockChange.None) Reported.Add(change);
    }

    /// <summary>Time passes without a reading.</summary>
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

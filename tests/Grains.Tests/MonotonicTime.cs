namespace BoxOffice.Grains.Tests;

/// <summary>A monotonic clock that a test moves.</summary>
internal sealed class MonotonicTime : TimeProvider
{
    public TimeSpan Now { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;
}

namespace BoxOffice.Grains.Clocks;

/// <summary>The wall clock of this machine, for a process that sells alone.</summary>
public sealed class MachineClock : IClockSource
{
    /// <summary>Reads it.</summary>
    public static ClockReading Read()
    {
        var before = TimeProvider.System.GetTimestamp();
        var utcNow = TimeProvider.System.GetUtcNow();
        var took = TimeProvider.System.GetElapsedTime(before);
        return new(utcNow, before, took, MachineSleep.SoFar());
    }

    /// <inheritdoc/>
    public Task<ClockReading> ReadAsync(CancellationToken stop) => Task.FromResult(Read());

    /// <summary>No other process exists.</summary>
    public Task TellAsync(TimeSpan? error, CancellationToken stop) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

namespace BoxOffice.Grains.Clocks;

/// <summary>A source of time: the machine's wall clock, or the database's.</summary>
public interface IClockSource : IAsyncDisposable
{
    /// <summary>Reads the time once.</summary>
    Task<ClockReading> ReadAsync(CancellationToken stop);

    /// <summary>
    /// Publishes what this process found to the others, until the next publication or the next failed reading.
    /// </summary>
    /// <param name="error">By how much the source is ahead of its clock; null when unknown.</param>
    /// <param name="stop">Ends it.</param>
    Task TellAsync(TimeSpan? error, CancellationToken stop);
}

namespace BoxOffice.Grains.Clocks;

/// <summary>What a source of time said once.</summary>
/// <param name="UtcNow">The time it told, for the middle of the reading.</param>
/// <param name="Timestamp">The same moment by this process's monotonic clock.</param>
/// <param name="Took">How long the reading took: the time told may be wrong by half of it.</param>
/// <param name="Asleep">How long the machine has been suspended since it was started; null when that is not known.</param>
/// <param name="Others">
/// What the other processes of the cluster found: by how much the source is ahead of each one's clock. Empty when this process
/// has its source for itself.
/// </param>
public sealed record ClockReading(
    DateTimeOffset UtcNow, long Timestamp, TimeSpan Took, TimeSpan? Asleep = null, IReadOnlyList<TimeSpan>? Others = null);

/// <summary>Where the time comes from: the machine's wall clock, or the database's.</summary>
public interface IClockSource : IAsyncDisposable
{
    /// <summary>Reads the time once.</summary>
    Task<ClockReading> ReadAsync(CancellationToken stop);

    /// <summary>Tells the other processes what this one found, until it tells something else or its next reading fails.</summary>
    /// <param name="error">By how much the source is ahead of its clock; null when it does not know.</param>
    /// <param name="stop">Ends it.</param>
    Task TellAsync(TimeSpan? error, CancellationToken stop);
}

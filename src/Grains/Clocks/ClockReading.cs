namespace BoxOffice.Grains.Clocks;

/// <summary>One reading of a source of time.</summary>
/// <param name="UtcNow">The time of the source, for the middle of the reading.</param>
/// <param name="Timestamp">The same moment by this process's monotonic clock.</param>
/// <param name="Took">How long the reading took: the time may be wrong by half of it.</param>
/// <param name="Asleep">How long the machine has been suspended since its start; null when unknown.</param>
/// <param name="Others">
/// What the other processes of the cluster found: by how much the source is ahead of each one's clock. Empty when this
/// process is alone.
/// </param>
public sealed record ClockReading(
    DateTimeOffset UtcNow,
    long Timestamp,
    TimeSpan Took,
    TimeSpan? Asleep = null,
    IReadOnlyList<TimeSpan>? Others = null);

namespace BoxOffice.Grains.Schema;

/// <summary>Moments as the embedded store represents them: microseconds since 1970-01-01T00:00:00Z.</summary>
internal static class SqliteMoments
{
    private static readonly long First = Stored(DateTimeOffset.MinValue);
    private static readonly long Last = Stored(DateTimeOffset.MaxValue);

    /// <summary>The stored form.</summary>
    public static long Stored(DateTimeOffset moment) =>
        (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>
    /// The moment. Throws <see cref="ArgumentOutOfRangeException"/> for a number outside the calendar.
    /// </summary>
    public static DateTimeOffset Exactly(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(microseconds, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(microseconds, Last);
        return Nearest(microseconds);
    }

    /// <summary>
    /// The nearest moment, without an exception: for comparisons, and for rows that are not checked yet.
    /// </summary>
    public static DateTimeOffset Nearest(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(Math.Clamp(microseconds, First, Last) * TimeSpan.TicksPerMicrosecond);
}

namespace BoxOffice.Measure.Comparison;

/// <summary>The names of the figures in the results' file.</summary>
internal static class Figure
{
    /// <summary>Reservations in the store for each second. Without a store: acknowledged reservations.</summary>
    public const string PerSecond = "per_second";

    /// <summary>Refusals for each second.</summary>
    public const string RefusedPerSecond = "refused_per_second";

    /// <summary>The load that the generator was to send.</summary>
    public const string OfferedPerSecond = "offered_per_second";

    /// <summary>Percentiles of latency in milliseconds.</summary>
    public const string P50 = "p50_ms", P99 = "p99_ms", P999 = "p999_ms";

    /// <summary>Microseconds of processor time for each reservation, of everything but the generator.</summary>
    public const string Processor = "cpu_us";

    /// <summary>The processor time of one group of processes, whose name follows.</summary>
    public const string ProcessorOf = "cpu_us_";

    /// <summary>Idle time of all cores, in percent.</summary>
    public const string Idle = "idle_percent";

    /// <summary>Bytes of PostgreSQL's WAL for each reservation.</summary>
    public const string LogBytes = "wal_bytes";

    /// <summary>Flushes of the WAL for each reservation.</summary>
    public const string Flushes = "fsyncs";

    /// <summary>Reservations in one INSERT.</summary>
    public const string Batch = "batch";

    /// <summary>Reservations that were acknowledged, and that are in the store.</summary>
    public const string Acknowledged = "acknowledged", Sold = "sold";

    /// <summary>
    /// Sold beyond the capacity; acknowledged and not in the store; in the store and not requested; unsold although a
    /// buyer was refused.
    /// </summary>
    public const string Oversold = "oversold", Lost = "lost", Duplicated = "duplicated", Stranded = "stranded";

    /// <summary>Requests without a sale or a refusal: broken, unanswered, or answered with another error.</summary>
    public const string Failed = "failed";

    /// <summary>
    /// Failed requests: without a connection, with a broken one, and without an answer in time.
    /// </summary>
    public const string NotConnected = "not_connected", Broken = "broken", Unanswered = "unanswered";

    /// <summary>Refusals of one code, which follows.</summary>
    public const string RefusedWith = "refused_with_";

    /// <summary>Due requests that found no free connection in time.</summary>
    public const string GaveUp = "gave_up";

    /// <summary>Seconds from the start to the last answer.</summary>
    public const string LastAnswer = "last_answer_s";

    /// <summary>The growth of the kernel's counters of full accept queues.</summary>
    public const string ListenOverflows = "listen_overflows", ListenDrops = "listen_drops";

    /// <summary>
    /// Answered logins for each second, refusals included; and those refused as busy.
    /// </summary>
    public const string LoginsPerSecond = "logins_per_second", LoginsBusyPerSecond = "logins_busy_per_second";
}

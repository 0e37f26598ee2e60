namespace BoxOffice.Measure.Comparison;

/// <summary>The names of the figures, as they stand in the results' file.</summary>
internal static class Figure
{
    /// <summary>Reservations that the store holds, for each second. Without a store: that were acknowledged.</summary>
    public const string PerSecond = "per_second";

    /// <summary>Refusals for each second.</summary>
    public const string RefusedPerSecond = "refused_per_second";

    /// <summary>What the generator was told to send.</summary>
    public const string OfferedPerSecond = "offered_per_second";

    /// <summary>Milliseconds within which so many in a hundred were answered.</summary>
    public const string P50 = "p50_ms", P99 = "p99_ms", P999 = "p999_ms";

    /// <summary>Microseconds of processor time for each reservation, of everything but the generator.</summary>
    public const string Processor = "cpu_us";

    /// <summary>The same of one group of processes, whose name follows.</summary>
    public const string ProcessorOf = "cpu_us_";

    /// <summary>Percent of the time of all cores in which they had nothing to do.</summary>
    public const string Idle = "idle_percent";

    /// <summary>Bytes of PostgreSQL's log for each reservation.</summary>
    public const string LogBytes = "wal_bytes";

    /// <summary>How often the log was forced to the disk, for each reservation.</summary>
    public const string Flushes = "fsyncs";

    /// <summary>Reservations in one INSERT.</summary>
    public const string Batch = "batch";

    /// <summary>Acknowledged to the generator, and found in the store.</summary>
    public const string Acknowledged = "acknowledged", Sold = "sold";

    /// <summary>Sold beyond the capacity; acknowledged and not in the store; sold and never asked for; unsold while somebody was refused.</summary>
    public const string Oversold = "oversold", Lost = "lost", Duplicated = "duplicated", Stranded = "stranded";

    /// <summary>Requests that got no sale and no proper refusal: broken, silent, in trouble.</summary>
    public const string Failed = "failed";

    /// <summary>Of those that failed: without a connection, with one that broke, and without an answer in time.</summary>
    public const string NotConnected = "not_connected", Broken = "broken", Unanswered = "unanswered";

    /// <summary>Refusals of one code, which follows.</summary>
    public const string RefusedWith = "refused_with_";

    /// <summary>Requests that were due, but found no free connection in time.</summary>
    public const string GaveUp = "gave_up";

    /// <summary>Seconds from the opening of the doors to the last answer.</summary>
    public const string LastAnswer = "last_answer_s";

    /// <summary>By how much the kernel's counters of full accept queues grew.</summary>
    public const string ListenOverflows = "listen_overflows", ListenDrops = "listen_drops";

    /// <summary>Logins answered, with a token or a refusal, for each second; and how many of them were refused as busy.</summary>
    public const string LoginsPerSecond = "logins_per_second", LoginsBusyPerSecond = "logins_busy_per_second";
}

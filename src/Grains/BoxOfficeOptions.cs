using System.ComponentModel.DataAnnotations;

namespace BoxOffice.Grains;

/// <summary>Settings of a process that sells, in the configuration section <c>BoxOffice</c>.</summary>
public sealed class BoxOfficeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "BoxOffice";

    /// <summary>
    /// The connection string's name; when it is set, this process is part of a cluster on PostgreSQL.
    /// </summary>
    public const string ConnectionStringName = "boxoffice";

    /// <summary>Folder of the embedded store.</summary>
    [Required]
    public string DataDirectory { get; set; } = "./data";

    /// <summary>Port for traffic between silos; Orleans' usual 11111.</summary>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port on which front-ends reach this silo; Orleans' usual 30000.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// IP address at which others reach this silo. Every client that reaches it can call any grain: keep it private.
    /// </summary>
    [Required]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>Where front-ends reach this silo.</summary>
    internal string Gateway => field ??= $"{AdvertisedAddress}:{GatewayPort}";

    /// <summary>
    /// Accepts a PostgreSQL that may lose what it confirmed (<c>fsync</c> or <c>full_page_writes</c> off,
    /// <c>synchronous_commit</c> below <c>on</c>). Tickets that were sold may then be sold again: for experiments only.
    /// </summary>
    public bool AllowUnsafeDatabase { get; set; }

    /// <summary>Name of the cluster: silos and front-ends with the same one find each other.</summary>
    [Required]
    public string ClusterId { get; set; } = "boxoffice";

    /// <summary>
    /// Shows the Orleans Dashboard to operators. The same on every process: a front-end shows what its silos collect.
    /// </summary>
    public bool Dashboard { get; set; } = true;

    /// <summary>
    /// Lets Prometheus scrape this process: a front-end at <c>/admin/metrics</c>, for operators only; a silo at
    /// <see cref="MetricsPort"/>. Off, because it costs a little with each call.
    /// </summary>
    public bool Metrics { get; set; }

    /// <summary>
    /// Port of a silo's <c>/metrics</c>, at its advertised address, when <see cref="Metrics"/> is on; 9464 is
    /// OpenTelemetry's usual one. It asks for no login: keep it private, as the silo's other ports.
    /// </summary>
    [Range(1, 65535)]
    public int MetricsPort { get; set; } = 9464;

    /// <summary>
    /// Most calls that wait for one event's journal; further ones are refused as busy. 20,000 is two crowds of 9,000,
    /// and about a second of work.
    /// </summary>
    [Range(1, 1_000_000)]
    public int WaitingCallsMax { get; set; } = 20_000;

    /// <summary>
    /// Most entries in one INSERT. A batch is what gathered while the last one was written, so this is met only when
    /// thousands of holds expire in one moment.
    /// </summary>
    [Range(1, 65_536)]
    public int BatchEntriesMax { get; set; } = 4_096;

    /// <summary>
    /// How many INSERTs, each of other events, may be in flight at once from one silo. Two keep the database busy while
    /// an answer travels; more make the batches smaller.
    /// </summary>
    [Range(1, 64)]
    public int JournalWriters { get; set; } = 2;

    /// <summary>
    /// How long one INSERT may take before its outcome counts as unknown. A slow disk pauses for a few seconds at most.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Entries in one part of a snapshot, and so the most that an activation replays one by one when the snapshot is
    /// complete. 100,000 are replayed in 0.2 s, and are some 5 MB as a part; smaller ones mean more rows and more
    /// pauses between them.
    /// </summary>
    [Range(10, 1_000_000)]
    public int SnapshotEntries { get; set; } = 100_000;

    /// <summary>
    /// How long an owner that appends nothing assumes that it still is the owner; after that it reads the journal's
    /// head before it answers with numbers. A second: the most by which the numbers of a replaced owner can be
    /// outdated, for one small query a second. A final answer never depends on this: for it the head is read after the
    /// call came, once for all waiting calls.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan HeadTrustedFor { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the clock of the database (embedded: of the machine) must have stood at another time before the sale's
    /// clock begins to follow it, slowly. Five minutes: longer than a clock that was set by mistake stays wrong on a
    /// supervised machine.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ClockStepBelievedAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Most cohorts of members that can be registered; each is searched when an unknown member logs in.
    /// </summary>
    [Range(1, 100_000)]
    public int CohortsMax { get; set; } = 1_000;

    /// <summary>
    /// Most revocations of tokens that have not expired; further logouts fail. 20,000 are two crowds that log out
    /// within the lifetime of a token, and some 3 MB, which are written with each.
    /// </summary>
    [Range(1, 1_000_000)]
    public int RevocationsMax { get; set; } = 20_000;

    /// <summary>Failures from one address against one account before it is slowed down.</summary>
    [Range(1, 1_000)]
    public int LoginFailuresPerAddress { get; set; } = 5;

    /// <summary>
    /// Failures against one account from other addresses after which an unknown address is slowed down by its first.
    /// </summary>
    [Range(1, 100_000)]
    public int LoginFailuresPerAccount { get; set; } = 100;

    /// <summary>Longest wait between two attempts of one that is slowed down. There is no lock-out.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LoginDelayMax { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After this time without a failure, failures are forgotten.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LoginFailuresKept { get; set; } = TimeSpan.FromMinutes(15);
}

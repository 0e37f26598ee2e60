using System.ComponentModel.DataAnnotations;

namespace BoxOffice.Api;

/// <summary>What can be set on a front-end, in the configuration section <c>BoxOffice</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>
    /// How far the clocks of a front-end and a silo may differ. Both follow the database's, to some milliseconds; a
    /// second leaves room for a process that stood still while it read the time.
    /// </summary>
    public static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Password of the member <c>operator</c>. Unset and embedded: generated at the first start and printed once.
    /// </summary>
    [MinLength(8)]
    public string? OperatorPassword { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>
    /// Key that signs tokens, at least 32 bytes in UTF-8. Embedded and unset: generated and kept beside the store.
    /// </summary>
    public string? TokenKey { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The key before this one: its tokens stay valid until they expire.</summary>
    public string? TokenKeyPrevious { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>
    /// How long a token is valid. Two hours: a login an hour before the sale is still valid after it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA512. 210,000 is OWASP's number (Password Storage Cheat Sheet, 2023); a login load test
    /// may lower it, and must state so.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>
    /// Threads that hash passwords. Unset: half the cores, at least one, so that a login storm leaves the rest to
    /// reserving.
    /// </summary>
    [Range(1, 64)]
    public int? PasswordWorkers { get; set; }

    /// <summary>
    /// Most passwords that wait to be hashed; further logins get LOGIN_BUSY. At about 0.1 s for each hash, the last of
    /// 128 waits some 13 seconds, which is less than clients' usual time-outs.
    /// </summary>
    [Range(1, 10_000)]
    public int PasswordQueueMax { get; set; } = 128;

    /// <summary>
    /// Most passwords remembered as right (as keyed hashes, in memory only), so that logging in again is cheap.
    /// </summary>
    [Range(0, 1_000_000)]
    public int PasswordsRememberedMax { get; set; } = 50_000;

    /// <summary>How long a right password is remembered.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan PasswordsRememberedFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most tokens remembered as valid. 20,000 are two crowds of 9,000.</summary>
    [Range(0, 1_000_000)]
    public int TokensRememberedMax { get; set; } = 20_000;

    /// <summary>Failed logins that one address may make at once: a carrier's gateway has many users.</summary>
    [Range(1, 100_000)]
    public int LoginFailuresPerAddressBurst { get; set; } = 200;

    /// <summary>Failed logins that one address may make each second in the long run.</summary>
    [Range(1, 10_000)]
    public int LoginFailuresPerAddressPerSecond { get; set; } = 2;

    /// <summary>
    /// Calls to reserve, confirm or cancel that one member may make each second in the long run; 0 turns the limit off.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MemberCallsPerSecond { get; set; } = 10;

    /// <summary>Such calls that one member may make at once: impatient clicks, several windows, retries.</summary>
    [Range(1, 1_000_000)]
    public int MemberCallsBurst { get; set; } = 100;

    /// <summary>The same for one address; 0, the default, turns it off: thousands of buyers share one.</summary>
    [Range(0, 1_000_000)]
    public int AddressCallsPerSecond { get; set; }

    /// <summary>
    /// Reads of own reservations that one member may make each second in the long run, and ten times as many at once;
    /// 0 turns the limit off. A person reads one page.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MemberReadsPerSecond { get; set; } = 10;

    /// <summary>
    /// Pages of 100 events that one address may have read each second in the long run, and five times as many at once;
    /// 0 turns the limit off. Longer pages count more, and answers that share a read a 64th: a crowd behind one address
    /// that wants one page needs ten reads, and gets 1,280 answers.
    /// </summary>
    [Range(0, 1_000_000)]
    public int ListReadsPerAddressPerSecond { get; set; } = 30;

    /// <summary>
    /// Sign-ups that one address may try each second in the long run, and a hundred times as many at once; 0 turns the
    /// limit off. Two are a fifth of what a core hashes, and 7,200 of a carrier's customers in an hour.
    /// </summary>
    [Range(0, 10_000)]
    public int SignUpsPerAddressPerSecond { get; set; } = 2;

    /// <summary>
    /// How long a front-end refuses calls by itself after an event answered that it is sold out; 0 asks the event each
    /// time. A quarter of a second: stock that comes back is on sale again before a buyer notices, and an event is
    /// asked four times a second instead of thousands of times.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan SoldOutTrustedFor { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Most calls that wait for one event in this front-end; further ones get BUSY.</summary>
    [Range(1, 1_000_000)]
    public int CoalescerWaitingMax { get; set; } = 20_000;

    /// <summary>
    /// Most calls for one event joined into one grain call: it bounds the event's turn. A message with as many calls
    /// takes no calls of further events. 1 joins nothing, neither calls of one event nor of several.
    /// </summary>
    [Range(1, 10_000)]
    public int CoalescerBatchMax { get; set; } = 1_000;

    /// <summary>
    /// Grain calls for one event under way at once. With one, calls that arrive during a grain call form the next one:
    /// the benchmark's 256 connections then make an INSERT of some 120 entries, where with two it had 60, and twice as
    /// many share the cost of a batch. As many as there are connections, with <see cref="CoalescerBatchMax"/> 1, is no
    /// coalescing: the benchmark measures the difference.
    /// </summary>
    [Range(1, 1_024)]
    public int CoalescerCallsMax { get; set; } = 1;

    /// <summary>
    /// How long a request is sent and retried; after that the caller gets an answer with the outcome as far as it is
    /// known. A call without a key that was sent just before may wait as long again for the silo's answer. Ten seconds
    /// are more than it takes to replace a killed silo, and twice that is less than the time-out of a browser or a load
    /// balancer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a call waits for a silo before it is retried. A call without an idempotency key, which cannot be
    /// retried safely, goes on waiting. A second is far above the slowest commit of a healthy database, and is the
    /// delay that buyers notice when a silo fails.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long after it is sent a call may be carried out, by the front-end's clock: as long as the attempt lasts, and
    /// the clocks may differ.
    /// </summary>
    internal TimeSpan AttemptValidity => AttemptTimeout + ClockDifferenceMax;

    /// <summary>
    /// How long a stopping front-end goes on answering, so that load balancers see that it is not ready: longer than
    /// two of their health checks. Embedded there is no balancer, and the default is not to wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan? DrainDelay { get; set; }

    /// <summary>
    /// How long an idle connection is kept. Ten minutes: buyers open the page, wait for the opening, and must not be
    /// disconnected in the last minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// After this time without a byte a new connection is closed; 0 turns it off. As long as Kestrel waits for a
    /// request's headers. Browsers, which open connections ahead, open others then.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan FirstRequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most connections of one address; 0 turns the limit off. The crowd of a rehearsal has 20,000.</summary>
    [Range(0, 1_000_000)]
    public int ConnectionsPerAddressMax { get; set; } = 25_000;

    /// <summary>
    /// IP addresses and networks (CIDR), separated by commas, of the proxies whose X-Forwarded-For and
    /// X-Forwarded-Proto are believed. Empty, the default: the headers are ignored, because any client can send them.
    /// </summary>
    public string? TrustedProxies { get; set; }

    /// <summary>
    /// Most connections that listen to events at this front-end; further ones get BUSY. 10,000 is a crowd that waits
    /// for the opening, and half of a usual limit of 20,000 open files.
    /// </summary>
    [Range(1, 1_000_000)]
    public int StreamListenersMax { get; set; } = 10_000;

    /// <summary>Most of them of one address; 0 turns the limit off. A fifth of all, and an office is smaller.</summary>
    [Range(0, 1_000_000)]
    public int StreamsPerAddressMax { get; set; } = 2_000;

    /// <summary>Most of them of one member who sends a token; 0 turns the limit off. Twenty windows.</summary>
    [Range(0, 1_000_000)]
    public int StreamsPerMemberMax { get; set; } = 20;

    /// <summary>
    /// How often a stream polls its event. A quarter of a second appears live to a viewer; each front-end with
    /// listeners polls the event once in this time, however many listeners it has.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:10")]
    public TimeSpan StreamPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// After this time without news a stream sends a heartbeat. Load balancers close an idle connection after half a
    /// minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StreamHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Most events in one page of the list.</summary>
    [Range(1, 10_000)]
    public int EventsPageMax { get; set; } = 1_000;

    /// <summary>
    /// Where the crowd of a rehearsal connects to: the load balancer's URL, so that it takes the same path as buyers.
    /// Unset: the front-end that runs the rehearsal, at the first address on which it listens.
    /// </summary>
    public string? RehearsalUrl { get; set; }

    /// <summary>
    /// Lets operators register members and issue tokens for load tests. Unset: on in an embedded store that was made by
    /// its own first start, else off.
    /// </summary>
    public bool? LoadTest { get; set; }

    /// <summary>Most tokens or members made by one operator's call.</summary>
    [Range(1, 1_000_000)]
    public int BulkCountMax { get; set; } = 100_000;

    /// <summary>
    /// Most different refused calls of operators' paths that the audit log names in a minute; more are only counted.
    /// 60 are more than a person makes by mistake, and a flood adds at most some 20 MB a day and front-end.
    /// </summary>
    [Range(1, 10_000)]
    public int AuditRefusalsMax { get; set; } = 60;
}

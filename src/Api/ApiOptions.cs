using System.ComponentModel.DataAnnotations;

namespace BoxOffice.Api;

/// <summary>What can be set on a front-end, in the configuration section <c>BoxOffice</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>
    /// How far the clocks of a front-end and a silo may differ. Both follow the database's, to some milliseconds; a second
    /// leaves room for a process that stood still while it read the time.
    /// </summary>
    public static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(1);

    /// <summary>Password of the member <c>operator</c>. Unset and embedded: made at the first start and printed once.</summary>
    [MinLength(8)]
    public string? OperatorPassword { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>Key that signs tokens, at least 32 bytes in UTF-8. Embedded and unset: made and kept beside the store.</summary>
    public string? TokenKey { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>The key before this one: its tokens stay valid until they expire.</summary>
    public string? TokenKeyPrevious { get; set => field = string.IsNullOrEmpty(value) ? null : value; }

    /// <summary>How long a token is valid. Two hours: who logs in an hour before the sale is still in after it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA512. 210,000 is OWASP's number (Password Storage Cheat Sheet, 2023); a login load test
    /// may lower it, and must say so.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>
    /// Threads that hash passwords. Unset: half the cores, at least one, so that a login storm leaves the rest to reserving.
    /// </summary>
    [Range(1, 64)]
    public int? PasswordWorkers { get; set; }

    /// <summary>
    /// Most passwords that wait to be hashed; further logins get LOGIN_BUSY. At about 0.1 s for each hash, the last of 128
    /// waits some 13 seconds, which is less than clients' usual time-outs.
    /// </summary>
    [Range(1, 10_000)]
    public int PasswordQueueMax { get; set; } = 128;

    /// <summary>Most passwords remembered as right (as keyed hashes, in memory only), so that logging in again is cheap.</summary>
    [Range(0, 1_000_000)]
    public int PasswordsRememberedMax { get; set; } = 50_000;

    /// <summary>How long a right password is remembered.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan PasswordsRememberedFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most tokens remembered as valid. 20,000 are two crowds of 9,000.</summary>
    [Range(0, 1_000_000)]
    public int TokensRememberedMax { get; set; } = 20_000;

    /// <summary>Failed logins that one address may make in a burst before it must wait: a carrier's gateway has many users.</summary>
    [Range(1, 100_000)]
    public int LoginFailuresPerAddressBurst { get; set; } = 200;

    /// <summary>Failed logins that one address may make each second in the long run.</summary>
    [Range(1, 10_000)]
    public int LoginFailuresPerAddressPerSecond { get; set; } = 2;

    /// <summary>Calls that reserve, confirm or cancel which one member may make each second in the long run; 0 turns the limit off.</summary>
    [Range(0, 1_000_000)]
    public int MemberCallsPerSecond { get; set; } = 10;

    /// <summary>Such calls that one member may make in a burst: an impatient press of a button, several windows, retries.</summary>
    [Range(1, 1_000_000)]
    public int MemberCallsBurst { get; set; } = 100;

    /// <summary>The same for one address; 0, the default, turns it off, because thousands of buyers share one.</summary>
    [Range(0, 1_000_000)]
    public int AddressCallsPerSecond { get; set; }

    /// <summary>
    /// How long a front-end refuses on its own after an event was asked and said that it is sold out; 0 asks each time. A
    /// quarter of a second: stock that comes back is on sale again before anybody notices, and an event is asked four
    /// times a second instead of thousands of times.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan SoldOutTrustedFor { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Most calls that wait for one event in this front-end; further ones get BUSY.</summary>
    [Range(1, 1_000_000)]
    public int CoalescerWaitingMax { get; set; } = 20_000;

    /// <summary>
    /// Most calls for one event joined into one grain call: it bounds the turn that decides it. A message with as many takes no
    /// further event's. 1 joins nothing, neither of one event nor of several.
    /// </summary>
    [Range(1, 10_000)]
    public int CoalescerBatchMax { get; set; } = 1_000;

    /// <summary>
    /// Grain calls for one event under way at once. With one, whatever came during a call is the next one: the benchmark's 256
    /// connections then make an INSERT of some 120 entries, where with two it had 60, and what a batch costs is shared by twice
    /// as many. As many as there are connections, with <see cref="CoalescerBatchMax"/> 1, is no coalescing at all: the
    /// benchmark shows what it brings.
    /// </summary>
    [Range(1, 1_024)]
    public int CoalescerCallsMax { get; set; } = 1;

    /// <summary>
    /// Until then a request is sent, or sent again; then it is told what is known. A call without a key that was sent just before
    /// may wait as long again for the silo's answer. Ten seconds are more than it takes to replace a silo that was killed, and
    /// twice as much is less than the patience of a browser or a load balancer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a call waits for a silo before what can be repeated without harm is sent again; whatever has no key goes on
    /// waiting. A second is far above the slowest commit of a healthy database, and is what buyers notice when a silo goes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after it is sent a call may be carried out, by the front-end's clock: as long as somebody waits for it, and the clocks may differ.</summary>
    internal TimeSpan AttemptValidity => AttemptTimeout + ClockDifferenceMax;

    /// <summary>
    /// How long a front-end that was told to stop goes on answering, so that load balancers see that it is not ready: longer
    /// than two of their health checks. Embedded there is no balancer, and the default is not to wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan? DrainDelay { get; set; }

    /// <summary>
    /// How long an idle connection is kept. Ten minutes: buyers open the page, wait for the opening, and must not be
    /// dropped in the last minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// IP addresses and networks (CIDR), separated by commas, of the proxies whose X-Forwarded-For and X-Forwarded-Proto are
    /// believed. Empty, the default: the headers are not read, because anybody can send them.
    /// </summary>
    public string? TrustedProxies { get; set; }

    /// <summary>
    /// Most connections that listen to events at this front-end; further ones get BUSY. 10,000 is a crowd that waits for the
    /// opening, and half of a usual limit of 20,000 open files.
    /// </summary>
    [Range(1, 1_000_000)]
    public int StreamListenersMax { get; set; } = 10_000;

    /// <summary>
    /// How long a stream waits before it looks at its event again. A quarter of a second is what an eye takes for live; an event
    /// is asked so often by each front-end at which somebody listens to it, however many do.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:10")]
    public TimeSpan StreamPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After this time without news a stream gives a sign of life. Balancers give an idle connection up after half a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StreamHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Most events in one page of the list.</summary>
    [Range(1, 10_000)]
    public int EventsPageMax { get; set; } = 1_000;

    /// <summary>
    /// Where the crowd of a rehearsal goes: the balancer's URL, so that it comes the way that buyers come. Unset: to the
    /// front-end that runs it, at the first address on which it listens.
    /// </summary>
    public string? RehearsalUrl { get; set; }

    /// <summary>Most tokens or members made by one operator's call.</summary>
    [Range(1, 1_000_000)]
    public int BulkCountMax { get; set; } = 100_000;
}

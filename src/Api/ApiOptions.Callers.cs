using System.ComponentModel.DataAnnotations;

namespace BoxOffice.Api;

/// <content>What strangers and members may order: each has a limit, and offices behind one address a way off.</content>
public sealed partial class ApiOptions
{
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
    /// After this time without a byte a new connection is closed; 0 turns it off. As long as Kestrel waits for a
    /// request's headers. Browsers, which open connections ahead, open others then.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan FirstRequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most connections of one address; 0 turns the limit off. The crowd of a rehearsal has 20,000.</summary>
    [Range(0, 1_000_000)]
    public int ConnectionsPerAddressMax { get; set; } = 25_000;

    /// <summary>Most streams of one address; 0 turns the limit off. A fifth of all, and an office is smaller.</summary>
    [Range(0, 1_000_000)]
    public int StreamsPerAddressMax { get; set; } = 2_000;

    /// <summary>Most streams of one member who sends a token; 0 turns the limit off. Twenty windows.</summary>
    [Range(0, 1_000_000)]
    public int StreamsPerMemberMax { get; set; } = 20;
}

using BoxOffice.Api.Identity;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.RateLimiting;

/// <summary>
/// Limits what an address may order without a token where a call costs much more than its answer. Thousands of buyers
/// may share an address, so the bursts are large.
/// </summary>
internal sealed class AddressLimits(IOptions<ApiOptions> options, TimeProvider time)
{
    // Half a megabyte for each limit: addresses are fewer than members.
    private const int Places = 1 << 16;

    private const int SignUpBurstSeconds = 100;
    private const int ListBurstSeconds = 5;
    private const int EventsPerPage = 100;

    // Of the cost of a read, an answer that shares one has about so small a part.
    private const int AnswersPerRead = 64;

    private readonly CallerRateLimit? _signUps =
        Limit(options.Value.SignUpsPerAddressPerSecond, SignUpBurstSeconds, time);
    private readonly CallerRateLimit? _listReads =
        Limit(options.Value.ListReadsPerAddressPerSecond * AnswersPerRead, ListBurstSeconds, time);

    /// <summary>Counts a sign-up. Zero when it is allowed; else the time after which it may be tried again.</summary>
    public TimeSpan TakeSignUp(HttpContext context) => Take(_signUps, context);

    /// <summary>Counts an answer with a page of events by its length, as <see cref="TakeSignUp"/> does.</summary>
    /// <param name="context">Of the call.</param>
    /// <param name="events">About how many events the page has.</param>
    public TimeSpan TakeListAnswer(HttpContext context, int events) => Take(_listReads, context, PagesOf(events));

    /// <summary>Counts a read of such a page.</summary>
    /// <inheritdoc cref="TakeListAnswer"/>
    public TimeSpan TakeListRead(HttpContext context, int events) =>
        Take(_listReads, context, AnswersPerRead * PagesOf(events));

    /// <summary>Counts an answer with the OpenAPI document, as large as some pages, as a read of one page.</summary>
    public TimeSpan TakeDocument(HttpContext context) => Take(_listReads, context, AnswersPerRead);

    private static int PagesOf(int events) => 1 + (Math.Max(0, events - 1) / EventsPerPage);

    private static TimeSpan Take(CallerRateLimit? limit, HttpContext context, int cost = 1) =>
        limit?.Take(FailedLogins.AddressOf(context), cost) ?? TimeSpan.Zero;

    private static CallerRateLimit? Limit(int perSecond, int burstSeconds, TimeProvider time) =>
        perSecond == 0 ? null : new(perSecond, perSecond * burstSeconds, time, Places);
}

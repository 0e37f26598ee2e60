using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.RateLimiting;

/// <summary>Refuses callers who call too often.</summary>
internal sealed class RateLimitMiddleware(IOptions<ApiOptions> options, TimeProvider time)
{
    private const int ReadBurstSeconds = 10;

    private readonly CallerRateLimit? _ofMember =
        Limit(options.Value.MemberCallsPerSecond, options.Value.MemberCallsBurst, time);
    private readonly CallerRateLimit? _readsOfMember = Limit(
        options.Value.MemberReadsPerSecond, options.Value.MemberReadsPerSecond * ReadBurstSeconds, time);
    private readonly CallerRateLimit? _ofAddress =
        Limit(options.Value.AddressCallsPerSecond, options.Value.AddressCallsPerSecond, time);

    /// <summary>Marks an endpoint whose calls are limited for each member.</summary>
    public sealed class PerMember
    {
        /// <summary>The mark of a call that changes something.</summary>
        public static readonly PerMember Mark = new();

        /// <summary>The mark of a read: impatient reading must not use up what a member needs to buy.</summary>
        public static readonly PerMember ReadMark = new();
    }

    /// <summary>Refuses or passes a request. It comes after authentication.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var wait = _ofAddress?.Take(FailedLogins.AddressOf(context)) ?? TimeSpan.Zero;
        if (wait == TimeSpan.Zero && LimitOf(context) is { } limit) wait = limit.Take(context.MemberId());
        return wait == TimeSpan.Zero ? next(context) : Problems.RateLimited(wait).ExecuteAsync(context);
    }

    private CallerRateLimit? LimitOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<PerMember>() is not { } mark ? null
        : mark == PerMember.ReadMark ? _readsOfMember
        : _ofMember;

    private static CallerRateLimit? Limit(int perSecond, int burst, TimeProvider time) =>
        perSecond == 0 ? null : new(perSecond, burst, time);
}

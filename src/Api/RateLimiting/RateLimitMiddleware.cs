using BoxOffice.Api.Contracts;
using BoxOffice.Api.Identity;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.RateLimiting;

/// <summary>Refuses callers who call too often.</summary>
internal sealed class RateLimitMiddleware(IOptions<ApiOptions> options, TimeProvider time)
{
    private readonly CallerRateLimit? _ofMember =
        Limit(options.Value.MemberCallsPerSecond, options.Value.MemberCallsBurst, time);
    private readonly CallerRateLimit? _ofAddress =
        Limit(options.Value.AddressCallsPerSecond, options.Value.AddressCallsPerSecond, time);

    /// <summary>Marks an endpoint whose calls are limited for each member.</summary>
    public sealed class PerMember
    {
        /// <summary>The mark.</summary>
        public static readonly PerMember Mark = new();
    }

    /// <summary>Refuses or passes a request. It comes after authentication.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var wait = _ofAddress?.Take(FailedLogins.AddressOf(context)) ?? TimeSpan.Zero;
        if (wait == TimeSpan.Zero && IsPerMember(context)) wait = _ofMember?.Take(context.MemberId()) ?? TimeSpan.Zero;
        return wait == TimeSpan.Zero ? next(context) : Problems.RateLimited(wait).ExecuteAsync(context);
    }

    private static bool IsPerMember(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<PerMember>() is not null;

    private static CallerRateLimit? Limit(int perSecond, int burst, TimeProvider time) =>
        perSecond == 0 ? null : new(perSecond, burst, time);
}

using System.Threading.RateLimiting;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Wire;

namespace BoxOffice.Api;

/// <summary>Who may call, and how often. The policies sit on route groups.</summary>
internal static class Limits
{
    /// <summary>Policy: only operators.</summary>
    public const string Operators = "operators";

    /// <summary>Policy: only operators, who may also log in with what a browser asks for.</summary>
    public const string OperatorsInBrowser = "operators in a browser";

    /// <summary>Policy: calls of one member, and if turned on of one address, are limited.</summary>
    public const string Buyers = "buyers";

    public static void AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton<Tokens>();
        services.AddSingleton<VerifiedTokens>();
        services.AddSingleton<PasswordLane>();
        services.AddSingleton<FailedLogins>();
        services.AddSingleton<Logins>();
        // The core alone: the rest of the framework's authentication is for cookies, and keeps keys in the user's home.
        services.AddTransient<TokenAuthentication>();
        services.AddTransient<BasicAuthentication>();
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = TokenAuthentication.Name;
            authentication.AddScheme<TokenAuthentication>(TokenAuthentication.Name, null);
            authentication.AddScheme<BasicAuthentication>(BasicAuthentication.Name, null);
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Operators, policy => policy.RequireRole(nameof(MemberRole.Operator)))
            .AddPolicy(OperatorsInBrowser, policy => policy
                .AddAuthenticationSchemes(BasicAuthentication.Name) // which tries the token too
                .RequireRole(nameof(MemberRole.Operator)));
    }

    public static void AddRateLimits(this IServiceCollection services, ApiOptions options) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(Buyers, context => context.User.Identity?.Name is { } memberId
                ? Bucket(memberId, options.MemberCallsPerSecond, options.MemberCallsBurst)
                : RateLimitPartition.GetNoLimiter(""));
            if (options.AddressCallsPerSecond > 0)
            {
                limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                    Bucket(FailedLogins.AddressOf(context), options.AddressCallsPerSecond, options.AddressCallsPerSecond));
            }
            limiter.OnRejected = static (rejected, _) => new(Problems
                .RateLimited(rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1))
                .ExecuteAsync(rejected.HttpContext));
        });

    private static RateLimitPartition<string> Bucket(string partition, int perSecond, int burst) =>
        perSecond == 0
            ? RateLimitPartition.GetNoLimiter(partition)
            : RateLimitPartition.GetTokenBucketLimiter(partition, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            });
}

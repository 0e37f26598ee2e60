using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Identity;

/// <summary>
/// Limits the failed logins of an address, over all accounts. Only failures count, because thousands of buyers may
/// share an address. Each front-end counts for itself.
/// </summary>
internal sealed class FailedLogins(IOptions<ApiOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _allowed = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Value.LoginFailuresPerAddressBurst,
            TokensPerPeriod = options.Value.LoginFailuresPerAddressPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    /// <summary>How long the address must wait; zero when it may log in.</summary>
    public TimeSpan RetryAfter(string address) =>
        _allowed.GetStatistics(address) is { CurrentAvailablePermits: 0 } ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;

    /// <summary>Counts a failure.</summary>
    public void Count(string address) => _allowed.AttemptAcquire(address).Dispose();

    /// <inheritdoc/>
    public void Dispose() => _allowed.Dispose();

    /// <summary>
    /// The address to count by: for IPv6 the /64 network, because one household has 2^64 addresses.
    /// </summary>
    public static string AddressOf(HttpContext context) =>
        AddressOf(context.Connection.RemoteIpAddress ?? IPAddress.None);

    /// <inheritdoc cref="AddressOf(HttpContext)"/>
    public static string AddressOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes(), 0, 8)
            : address.ToString();
    }
}

using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;

namespace BoxOffice.Api.Identity;

/// <summary>
/// Decides which logins are worth a call to the member's grain while passwords cannot wait: a storm of logins must cost
/// silos and database nothing. It remembers who logged in from where at this front-end; only the grain knows it all.
/// </summary>
internal sealed class LoginAdmission(PasswordHashingQueue passwords) : IDisposable
{
    private const int KnownMax = 50_000; // as many as passwords are remembered; some 10 MB

    // After a restart only the grain knows who is known: beside 1,000 tries a second, one of ten is asked for.
    private const int AsksPerSecond = 100;

    private static readonly string OperatorKey = MemberKey.Of(OperatorAccount.Id);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = KnownMax });

    private readonly TokenBucketRateLimiter _asks = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = AsksPerSecond,
        TokensPerPeriod = AsksPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
    });

    /// <summary>False for a login that would hardly find a place.</summary>
    public bool Admits(string memberKey, string address)
    {
        if (memberKey == OperatorKey) return true; // operators have another queue
        var isKnown = _known.TryGetValue((memberKey, address), out _);
        return !passwords.IsFullFor(new(IsKnown: isKnown)) || (!isKnown && IsAsked());
    }

    /// <summary>Remembers that the member logged in from there.</summary>
    public void Add(string memberKey, string address) =>
        _known.Set((memberKey, address), true, new MemoryCacheEntryOptions { Size = 1 });

    /// <inheritdoc/>
    public void Dispose()
    {
        _known.Dispose();
        _asks.Dispose();
    }

    private bool IsAsked()
    {
        using var lease = _asks.AttemptAcquire();
        return lease.IsAcquired;
    }
}

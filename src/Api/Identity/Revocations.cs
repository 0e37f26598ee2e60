using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace BoxOffice.Api.Identity;

/// <summary>
/// The revoked tokens that this front-end knows of. It has at most as many as the cluster keeps, and each until its
/// tokens expire.
/// </summary>
internal sealed class Revocations(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Revocation> _byMember = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Revocation> _byToken = new(StringComparer.Ordinal);

    /// <summary>True when none is known.</summary>
    public bool IsEmpty => _byMember.IsEmpty && _byToken.IsEmpty;

    /// <summary>Whether this token was revoked, alone or with all of the member's.</summary>
    public bool Has(TokenHolder holder) =>
        (!_byMember.IsEmpty && _byMember.TryGetValue(holder.MemberId, out var all)
            && holder.Generation < all.Generation)
        || (!_byToken.IsEmpty && _byToken.ContainsKey(holder.Digest));

    /// <summary>Takes a revocation.</summary>
    public void Add(Revocation revocation)
    {
        if (revocation.Token is { } token) _byToken[token] = revocation;
        else
        {
            _byMember.AddOrUpdate(revocation.MemberId, revocation, (_, known) =>
                known.Generation > revocation.Generation ? known : revocation);
        }
    }

    /// <summary>Forgets those whose tokens have expired.</summary>
    public void ForgetExpired()
    {
        var now = time.GetUtcNow();
        foreach (var each in _byMember.Where(each => each.Value.Until < now)) _byMember.TryRemove(each);
        foreach (var each in _byToken.Where(each => each.Value.Until < now)) _byToken.TryRemove(each);
    }

    /// <summary>What stands for a token in a revocation: it cannot be used as one.</summary>
    public static string DigestOf(string token) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)), 0, 16);
}

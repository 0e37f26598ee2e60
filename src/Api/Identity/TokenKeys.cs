using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace BoxOffice.Api.Identity;

/// <summary>
/// The keys that tokens may be signed with: the current one signs, the previous one is still accepted.
/// </summary>
public sealed class TokenKeys
{
    /// <summary>Shortest key: HMAC-SHA256 is only as strong as 256 bits of key (RFC 7518, section 3.2).</summary>
    public const int BytesMin = 32;

    private readonly Dictionary<string, SecurityKey> _byId;

    /// <summary>Takes the configured keys.</summary>
    public TokenKeys(string current, string? previous = null)
    {
        Current = KeyOf(current);
        _byId = new() { [Current.KeyId] = Current };
        if (previous is not null && KeyOf(previous) is var old) _byId[old.KeyId] = old;
    }

    /// <summary>The key that signs.</summary>
    public SecurityKey Current { get; }

    /// <summary>The key with this id, or none.</summary>
    public IEnumerable<SecurityKey> Find(string? keyId) =>
        keyId is not null && _byId.TryGetValue(keyId, out var key) ? [key] : [];

    private static SymmetricSecurityKey KeyOf(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        // The id distinguishes keys without revealing them.
        return new(bytes) { KeyId = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16] };
    }
}

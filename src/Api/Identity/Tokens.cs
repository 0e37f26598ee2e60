using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BoxOffice.Api.Identity;

/// <summary>The identity in a token.</summary>
/// <param name="MemberId">The member.</param>
/// <param name="Role">The member's role.</param>
/// <param name="ExpiresAt">When the token ends.</param>
/// <param name="Generation">How often all tokens of the member had been revoked when it was issued.</param>
/// <param name="Digest">What stands for the token when it is revoked.</param>
public sealed record TokenHolder(
    string MemberId, MemberRole Role, DateTimeOffset ExpiresAt, int Generation = 0, string Digest = "");

/// <summary>Issues and verifies tokens: JWT, HS256 and nothing else, with the key's id in the header.</summary>
public sealed class Tokens
{
    private const string Issuer = "boxoffice";
    private const string RoleClaim = "role";
    private const string GenerationClaim = "gen";

    internal static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30); // between two front-ends' clocks

    private readonly JsonWebTokenHandler _handler =
        new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };
    private readonly TokenValidationParameters _rules;
    private readonly SigningCredentials _signing;
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _time;

    /// <summary>Uses the key ring.</summary>
    public Tokens(TokenKeys keys, IOptions<ApiOptions> options, TimeProvider time)
    {
        (_time, _lifetime) = (time, options.Value.TokenLifetime);
        _signing = new SigningCredentials(keys.Current, SecurityAlgorithms.HmacSha256);
        _rules = new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Issuer,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidTypes = ["JWT"],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = ClockSkew,
            IssuerSigningKeyResolver = (_, _, keyId, _) => keys.Find(keyId),
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = IsAlive,
        };
    }

    /// <summary>
    /// A new token for a member; unless a lifetime is given, it lives as long as <see cref="ApiOptions.TokenLifetime"/>
    /// says.
    /// </summary>
    public (string Token, DateTimeOffset ExpiresAt) Issue(
        string memberId, MemberRole role, TimeSpan? lifetime = null, int generation = 0)
    {
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = memberId,
            // Two tokens of one second differ: each can be revoked alone.
            [JwtRegisteredClaimNames.Jti] = Convert.ToHexString(RandomNumberGenerator.GetBytes(8)),
            [RoleClaim] = role == MemberRole.Operator ? "operator" : "member",
        };
        if (generation > 0) claims[GenerationClaim] = generation;
        var now = _time.GetUtcNow();
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + (lifetime ?? _lifetime)).ToUnixTimeSeconds());
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            Claims = claims,
            SigningCredentials = _signing,
        });
        return (token, expiresAt);
    }

    /// <summary>
    /// The token's identity; null when it is expired, tampered with, unsigned, or signed in another way.
    /// </summary>
    public async Task<TokenHolder?> VerifyAsync(string token)
    {
        var result = await _handler.ValidateTokenAsync(token, _rules);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt) return null;
        if (!Identifiers.IsMemberId(jwt.Subject) && !RehearsalCopy.Is(jwt.Subject)) return null;
        var generation = jwt.TryGetPayloadValue<int>(GenerationClaim, out var claimed) ? claimed : 0;
        return jwt.TryGetPayloadValue<string>(RoleClaim, out var role)
            ? new(jwt.Subject, role == "operator" ? MemberRole.Operator : MemberRole.Member, jwt.ValidTo, generation,
                Revocations.DigestOf(token))
            : null;
    }

    private bool IsAlive(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters rules)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + ClockSkew && (notBefore is not { } start || now >= start - ClockSkew);
    }
}

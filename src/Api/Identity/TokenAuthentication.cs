using System.Security.Claims;
using BoxOffice.Api.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Identity;

/// <summary>
/// Reads the token from <c>x-access-token</c> or <c>Authorization: Bearer</c>. A verified token is remembered until it
/// expires, so that reserving costs no signature check.
/// </summary>
internal sealed class TokenAuthentication(Tokens tokens, VerifiedTokens verified, Revocations revocations)
    : IAuthenticationHandler
{
    public const string Name = "token";
    public const string Header = "x-access-token";
    private const string Bearer = "Bearer ";
    private const string HolderKey = "holder";

    private static readonly Task<AuthenticateResult> Revoked =
        Task.FromResult(AuthenticateResult.Fail("The token was revoked"));

    private HttpContext _context = null!;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync()
    {
        if (!TryReadToken(out var token)) return Task.FromResult(AuthenticateResult.Fail("Two different tokens"));
        if (token is null) return Task.FromResult(AuthenticateResult.NoResult());
        if (verified.Find(token) is not { } known) return VerifyAsync(token);
        return revocations.IsEmpty ? known : CheckAsync(known);
    }

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        _context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Unauthenticated.ExecuteAsync(_context);
    }

    public Task ForbidAsync(AuthenticationProperties? properties) => Problems.Forbidden.ExecuteAsync(_context);

    private async Task<AuthenticateResult> VerifyAsync(string token)
    {
        if (await tokens.VerifyAsync(token) is not { } holder) return AuthenticateResult.Fail("The token is not valid");
        if (revocations.Has(holder)) return await Revoked;
        var principal = Caller.PrincipalOf(holder.MemberId, holder.Role, Name);
        var properties = new AuthenticationProperties();
        properties.SetParameter(HolderKey, holder);
        var result = AuthenticateResult.Success(new(principal, properties, Name));
        verified.Remember(token, result, holder.ExpiresAt);
        return result;
    }

    /// <summary>The identity in the caller's token; null without a token.</summary>
    public static TokenHolder? HolderOf(AuthenticateResult result) =>
        result.Properties?.GetParameter<TokenHolder>(HolderKey);

    private async Task<AuthenticateResult> CheckAsync(Task<AuthenticateResult> known)
    {
        var result = await known;
        return HolderOf(result) is { } holder && revocations.Has(holder) ? await Revoked : result;
    }

    private bool TryReadToken(out string? token)
    {
        token = _context.Request.Headers[Header].ToString() is { Length: > 0 } own ? own : null;
        var authorization = _context.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return true;
        var bearer = authorization[Bearer.Length..].Trim();
        if (token is not null && token != bearer) return false;
        token = bearer;
        return true;
    }
}

/// <summary>
/// Verified tokens, each until it expires; with too many, the least recently used twentieth is evicted.
/// </summary>
internal sealed class VerifiedTokens(IOptions<ApiOptions> options) : IDisposable
{
    private readonly MemoryCache _results =
        new(new MemoryCacheOptions { SizeLimit = options.Value.TokensRememberedMax });

    /// <summary>The result for a token, as a task that all its requests await.</summary>
    public Task<AuthenticateResult>? Find(string token) => _results.Get<Task<AuthenticateResult>>(token);

    public void Remember(string token, AuthenticateResult result, DateTimeOffset until)
    {
        using var entry = _results.CreateEntry(token);
        entry.Value = Task.FromResult(result);
        entry.Size = 1;
        entry.AbsoluteExpiration = until;
    }

    public void Dispose() => _results.Dispose();
}

/// <summary>The authenticated caller.</summary>
internal static class Caller
{
    /// <summary>The authenticated member's id.</summary>
    public static string MemberId(this HttpContext context) => context.User.Identity!.Name!;

    /// <summary>The principal of a member who was authenticated by a scheme.</summary>
    public static ClaimsPrincipal PrincipalOf(string memberId, MemberRole role, string scheme) =>
        new(new ClaimsIdentity([new("sub", memberId), new("role", role.ToString())], scheme, "sub", "role"));
}

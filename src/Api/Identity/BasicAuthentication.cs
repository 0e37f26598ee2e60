using System.Text;
using BoxOffice.Api.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Primitives;

namespace BoxOffice.Api.Identity;

/// <summary>
/// HTTP Basic (RFC 7617), for browsers: they ask for a password by themselves, but cannot send a token when they load a
/// page. Without Basic credentials, the request's token counts.
/// </summary>
internal sealed class BasicAuthentication(Logins logins) : IAuthenticationHandler
{
    public const string Name = "basic";
    private const string Basic = "Basic ";

    private static readonly StringValues Challenge =
        new(["Basic realm=\"BoxOffice operators\", charset=\"UTF-8\"", "Bearer"]);

    private HttpContext _context = null!;
    private Problem _refusal = Problems.Unauthenticated;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public async Task<AuthenticateResult> AuthenticateAsync()
    {
        if (ReadCredentials() is not { } credentials) return await _context.AuthenticateAsync(TokenAuthentication.Name);
        var login = await logins.LogInAsync(credentials, _context);
        if (login.Refusal is null)
            return AuthenticateResult.Success(new(Caller.PrincipalOf(credentials.Id!, login.Role, Name), Name));
        _refusal = login.Refusal;
        return AuthenticateResult.Fail(_refusal.Code);
    }

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        // A refusal that asks to wait must not make the browser ask for the password again.
        if (_refusal.Status == StatusCodes.Status401Unauthorized) _context.Response.Headers.WWWAuthenticate = Challenge;
        return _refusal.ExecuteAsync(_context);
    }

    public Task ForbidAsync(AuthenticationProperties? properties) => Problems.Forbidden.ExecuteAsync(_context);

    private Credentials? ReadCredentials()
    {
        var authorization = _context.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return null;
        var encoded = authorization[Basic.Length..].Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) return new(null, null);
        var (id, password) = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var before, var after]
            ? (before, after) // a password may have colons, an id may not
            : (null, null);
        return new(id, password);
    }
}

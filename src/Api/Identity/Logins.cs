using BoxOffice.Api.Contracts;
using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Identity;

/// <summary>The result of a login.</summary>
/// <param name="Role">The member's role; valid only without a refusal.</param>
/// <param name="Refusal">Why not; null when the password is right.</param>
internal readonly record struct LoginResult(MemberRole Role, Problem? Refusal = null)
{
    public static implicit operator LoginResult(Problem refusal) => new(default, refusal);
}

/// <summary>
/// Checks an id and a password. All ways to log in use it, so that all share the limits on guesses and the hashing
/// queue.
/// </summary>
internal sealed class Logins(PasswordHashingQueue passwords, FailedLogins failedLogins, RetryPolicy retry)
{
    /// <summary>Makes one attempt from an address.</summary>
    public async Task<LoginResult> LogInAsync(Credentials credentials, string address)
    {
        // An id or a password that cannot be right is answered as a wrong one: the answer reveals nothing.
        if (!Identifiers.IsMemberId(credentials.Id)
            || credentials.Password is not { Length: > 0 and <= Passwords.LengthMax })
            return Problems.BadCredentials;
        if (failedLogins.RetryAfter(address) is { Ticks: > 0 } wait) return Problems.TooManyAttempts(wait);

        if (passwords.IsFull) return Problems.LoginBusy();

        var key = MemberKey.Of(credentials.Id!);
        var attempt = await retry.AskAsync(key, grains => grains.GetGrain<IMemberGrain>(key).BeginLogin(address));
        if (attempt.RetryAfter > TimeSpan.Zero) return Problems.TooManyAttempts(attempt.RetryAfter);
        if (await passwords.VerifyAsync(attempt.PasswordHash, credentials.Password) is not { } isRight)
            return Problems.LoginBusy();
        await retry.AskAsync(key, async grains =>
        {
            await grains.GetGrain<IMemberGrain>(key).EndLogin(address, isRight); // counting a failure twice is harmless
            return true;
        });
        if (isRight) return new LoginResult(attempt.Role);
        failedLogins.Count(address);
        return Problems.BadCredentials;
    }
}

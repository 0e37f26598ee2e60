using BoxOffice.Api.Audit;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Identity;

/// <summary>The result of a login.</summary>
/// <param name="Role">The member's role; as the rest, valid only without a refusal.</param>
/// <param name="Generation">The generation of the member's new tokens.</param>
/// <param name="OwnHash">The hash of the member's password; null when a cohort shares it.</param>
/// <param name="Refusal">Why not; null when the password is right.</param>
internal readonly record struct LoginResult(
    MemberRole Role, int Generation = 0, string? OwnHash = null, Problem? Refusal = null)
{
    public static implicit operator LoginResult(Problem refusal) => new(default, Refusal: refusal);
}

/// <summary>
/// Checks an id and a password. All ways to log in use it, so that all share the limits on guesses and the hashing
/// queue.
/// </summary>
internal sealed class Logins(
    PasswordHashingQueue passwords, LoginAdmission admission, FailedLogins failedLogins, RetryPolicy retry,
    AuditedLogins audit)
{
    /// <summary>Makes one attempt. An operator's is recorded before it has its result.</summary>
    public async Task<LoginResult> LogInAsync(Credentials credentials, HttpContext context)
    {
        var address = FailedLogins.AddressOf(context);
        // An id or a password that cannot be right is answered as a wrong one: the answer reveals nothing.
        if (!Identifiers.IsMemberId(credentials.Id) || !Passwords.IsReadable(credentials.Password))
            return Problems.BadCredentials;
        if (failedLogins.RetryAfter(address) is { Ticks: > 0 } wait) return Problems.TooManyAttempts(wait);

        var key = MemberKey.Of(credentials.Id!);
        if (!admission.Admits(key, address)) return Problems.LoginBusy();
        var attempt = await retry.AskAsync(key, grains => grains.GetGrain<IMemberGrain>(key).BeginLogin(address));
        var result = await TryAsync(attempt, key, credentials, address);
        if (attempt.Role == MemberRole.Operator)
            await audit.WriteAsync(context, credentials.Id!, result.Refusal?.Code ?? OperatorAudit.Done);
        return result;
    }

    private async Task<LoginResult> TryAsync(
        LoginAttempt attempt, string key, Credentials credentials, string address)
    {
        if (attempt.RetryAfter > TimeSpan.Zero) return Problems.TooManyAttempts(attempt.RetryAfter);
        var caller = new PasswordCaller(attempt.Role == MemberRole.Operator, attempt.IsKnown, attempt.Failures);
        if (await passwords.VerifyAsync(attempt.PasswordHash, credentials.Password!, caller) is not { } check)
            return Problems.LoginBusy();
        await retry.AskAsync(key, async grains =>
        {
            // counting a failure twice is harmless
            await grains.GetGrain<IMemberGrain>(key).EndLogin(address, check.IsRight);
            return true;
        });
        if (check.IsRight)
        {
            admission.Add(key, address);
            var hash = attempt.IsOwn ? attempt.PasswordHash! : null;
            if (hash is not null && check.IsOutdated) hash = await RehashAsync(key, hash, credentials.Password!);
            return new LoginResult(attempt.Role, attempt.Generation, hash);
        }
        failedLogins.Count(address);
        return Problems.BadCredentials;
    }

    /// <summary>
    /// Stores a hash with the present number of rounds, of the normal form. When it cannot be done now, the next login
    /// does it.
    /// </summary>
    private async Task<string> RehashAsync(string key, string hash, string password)
    {
        if (await passwords.HashAsync(password) is not { } better) return hash;
        try
        {
            var replaced = await retry.AskAsync(key, grains =>
                grains.GetGrain<IMemberGrain>(key).ReplacePassword(hash, better, endsSessions: false));
            return replaced is null ? hash : better;
        }
        catch (Exception e) when (CallFailure.MayHelp(e))
        {
            return hash;
        }
    }
}

using System.Security.Cryptography;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Identity;

/// <summary>The first operator: created, or given the configured password, before the front-end listens.</summary>
internal sealed class OperatorAccount(RetryPolicy retry, PasswordHashingQueue passwords, IOptions<ApiOptions> options)
{
    /// <summary>The operator's id.</summary>
    public const string Id = "operator";

    /// <summary>
    /// Ensures that the operator exists and has the configured password. Without one, an existing operator stays as it
    /// is.
    /// </summary>
    /// <returns>The password, when it was generated here; it is not stored.</returns>
    public async Task<string?> EnsureAsync(bool mayGeneratePassword)
    {
        var hash = (await AskAsync(member => member.BeginLogin(""))).PasswordHash;
        if (options.Value.OperatorPassword is { } configured)
        {
            var isCurrent = hash is not null && await passwords.VerifyAsync(hash, configured) == true;
            if (!isCurrent) await StoreAsync(configured);
            return null;
        }
        if (hash is not null || !mayGeneratePassword) return null;
        var generated = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789", 20);
        await StoreAsync(generated);
        return generated;
    }

    private async Task StoreAsync(string password)
    {
        var hash = (await passwords.HashAsync(password))!;
        await AskAsync(async member =>
        {
            await member.ChangePassword(hash, MemberRole.Operator);
            return true;
        });
    }

    /// <summary>
    /// Retries while the cluster or its database is changing: a front-end may be started at that time.
    /// </summary>
    private Task<T> AskAsync<T>(Func<IMemberGrain, Task<T>> call)
    {
        var key = MemberKey.Of(Id);
        return retry.AskAsync(key, grains => call(grains.GetGrain<IMemberGrain>(key)));
    }
}

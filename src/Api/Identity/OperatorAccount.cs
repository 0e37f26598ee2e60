using System.Security.Cryptography;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Identity;

/// <summary>The first operator: made, or given the configured password, before the doors open.</summary>
internal sealed class OperatorAccount(RetryPolicy retry, PasswordHashingQueue lane, IOptions<ApiOptions> options)
{
    /// <summary>The operator's id.</summary>
    public const string Id = "operator";

    /// <summary>
    /// Makes sure that the operator exists and has the configured password. Without one, an operator that exists stays as
    /// it is.
    /// </summary>
    /// <returns>The password, when it was made up here: the only time that it is known.</returns>
    public async Task<string?> EnsureAsync(bool mayInventPassword)
    {
        var hash = (await AskAsync(member => member.BeginLogin(""))).PasswordHash;
        if (options.Value.OperatorPassword is { } configured)
        {
            var isCurrent = hash is not null && await lane.VerifyAsync(hash, configured) == true;
            if (!isCurrent) await StoreAsync(configured);
            return null;
        }
        if (hash is not null || !mayInventPassword) return null;
        var invented = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789", 20);
        await StoreAsync(invented);
        return invented;
    }

    private async Task StoreAsync(string password)
    {
        var hash = (await lane.HashAsync(password))!;
        await AskAsync(async member =>
        {
            await member.ChangePassword(hash, MemberRole.Operator);
            return true;
        });
    }

    /// <summary>Asks again while the cluster or its database is changing: a front-end may be started just then.</summary>
    private Task<T> AskAsync<T>(Func<IMemberGrain, Task<T>> call)
    {
        var key = MemberKey.Of(Id);
        return retry.AskAsync(key, grains => call(grains.GetGrain<IMemberGrain>(key)));
    }
}

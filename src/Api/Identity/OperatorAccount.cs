using System.Security.Cryptography;
using BoxOffice.Api.Routing;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
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
            var check = hash is null
                ? default
                : await passwords.VerifyAsync(hash, configured, new(IsOperator: true)) ?? default;
            if (!check.IsRight) await StoreAsync(configured);
            return null;
        }
        if (hash is not null || !mayGeneratePassword) return null;
        var generated = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789", 20);
        await StoreAsync(generated);
        return generated;
    }

    /// <summary>Refuses a configured password that is easily guessed.</summary>
    /// <exception cref="StartupException">It is weak.</exception>
    public static void RequireStrongPassword(IConfiguration configuration)
    {
        var options = StartupConfiguration.Read<ApiOptions>(configuration, BoxOfficeOptions.Section);
        if (options.OperatorPassword is not { } password || Passwords.IsStrong(password, Id)) return;
        throw new StartupException(
            $"BoxOffice__OperatorPassword is easily guessed: it needs {Passwords.LengthMin} to {Passwords.LengthMax} "
            + "characters, and may be neither one of the commonest passwords nor the operator's id.");
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

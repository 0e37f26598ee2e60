using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Identity;

/// <summary>The first operator: made, or given the configured password, before the doors open.</summary>
internal sealed class OperatorAccount(IGrainFactory grains, PasswordLane lane, IOptions<ApiOptions> options)
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
        var member = grains.GetGrain<IMemberGrain>(MemberKey.Of(Id));
        var hash = (await member.BeginLogin("")).PasswordHash;
        if (options.Value.OperatorPassword is { } configured)
        {
            var isCurrent = hash is not null && await lane.VerifyAsync(hash, configured) == true;
            if (!isCurrent) await member.ChangePassword((await lane.HashAsync(configured))!, MemberRole.Operator);
            return null;
        }
        if (hash is not null || !mayInventPassword) return null;
        var invented = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789", 20);
        await member.ChangePassword((await lane.HashAsync(invented))!, MemberRole.Operator);
        return invented;
    }
}

using BoxOffice.Api.Contracts;
using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Identity;

/// <summary>Ends tokens before they expire: at this front-end at once, at all others within a second.</summary>
internal sealed class Sessions(Revocations revocations, RetryPolicy retry, TimeProvider time)
{
    private const string Key = "revocations"; // by which the one grain is routed

    // No token lives longer.
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(7) + TimeSpan.FromMinutes(5);

    /// <summary>Revokes one token; all of the member's, when many were revoked one by one.</summary>
    public async Task<Problem?> EndAsync(TokenHolder holder)
    {
        var revocation = new Revocation(
            holder.MemberId, holder.Digest, Generation: 0, holder.ExpiresAt + Tokens.ClockSkew);
        var status = await retry.AskAsync(
            Key, grains => grains.GetGrain<IRevocationsGrain>(0).Add(revocation)); // twice is as once
        switch (status)
        {
            case RevocationStatus.Stored:
                revocations.Add(revocation);
                return null;
            case RevocationStatus.TooManyOfMember:
                return await EndAllAsync(holder.MemberId) is null ? Problems.Busy() : null;
            default:
                return Problems.Busy();
        }
    }

    /// <summary>
    /// Revokes all tokens of a member. Returns the generation of new ones; null when there is no such member.
    /// </summary>
    public async Task<int?> EndAllAsync(string memberId)
    {
        var key = MemberKey.Of(memberId);
        var generation = await retry.AskAsync(key, grains => grains.GetGrain<IMemberGrain>(key).EndSessions());
        if (generation is { } first) Apply(memberId, first);
        return generation;
    }

    /// <summary>Ends here at once what the member's grain has revoked.</summary>
    public void Apply(string memberId, int generation) =>
        revocations.Add(new(memberId, Token: null, generation, time.GetUtcNow() + LifetimeMax));
}

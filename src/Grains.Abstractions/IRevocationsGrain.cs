using Orleans.Concurrency;

namespace BoxOffice;

/// <summary>
/// Tokens that were revoked and have not expired. Front-ends ask for what is new a few times each second. There is one
/// such grain; its key is 0.
/// </summary>
[Alias("BoxOffice.IRevocationsGrain")]
public interface IRevocationsGrain : IGrainWithIntegerKey
{
    /// <summary>Stores a revocation, before it answers.</summary>
    [Alias("Add")]
    Task<RevocationStatus> Add(Revocation revocation);

    /// <summary>What was added after a version, oldest first.</summary>
    [Alias("Since"), AlwaysInterleave]
    Task<RevocationNews> Since(long version);
}

/// <summary>What became of a revocation.</summary>
public enum RevocationStatus
{
    /// <summary>Stored.</summary>
    Stored = 1,

    /// <summary>This member has many single tokens revoked: revoke all of the member's.</summary>
    TooManyOfMember = 2,

    /// <summary>No more can be stored.</summary>
    Full = 3,
}

/// <summary>Ends one token, or all tokens of a member up to now.</summary>
/// <param name="MemberId">Whose.</param>
/// <param name="Token">
/// The token's digest; null for all tokens of generations below <paramref name="Generation"/>.
/// </param>
/// <param name="Generation">The member's first generation of tokens that stays valid.</param>
/// <param name="Until">When the last of them expires.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.Revocation")]
public sealed record Revocation(
    [property: Id(0)] string MemberId,
    [property: Id(1)] string? Token,
    [property: Id(2)] int Generation,
    [property: Id(3)] DateTimeOffset Until);

/// <summary>Revocations, and the version that has them all.</summary>
[GenerateSerializer, Immutable, Alias("BoxOffice.RevocationNews")]
public sealed record RevocationNews([property: Id(0)] long Version, [property: Id(1)] Revocation[] Added);

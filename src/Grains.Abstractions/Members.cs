namespace BoxOffice;

/// <summary>What a token allows. Stored: numbers are never reused.</summary>
public enum MemberRole
{
    /// <summary>Buys tickets.</summary>
    Member = 1,

    /// <summary>Opens, changes and watches events; buys tickets too.</summary>
    Operator = 2,
}

/// <summary>Outcome of signing up.</summary>
public enum SignUpStatus
{
    /// <summary>The id was taken before.</summary>
    MemberExists = 1,

    /// <summary>Registered, and durable.</summary>
    SignedUp = 2,
}

/// <summary>Permission to try a password.</summary>
/// <param name="PasswordHash">The hash to verify against; null for an unknown member.</param>
/// <param name="Role">The member's role.</param>
/// <param name="RetryAfter">
/// When positive: too many failures, no attempt is allowed before this time has passed.
/// </param>
/// <param name="IsOwn">Whether the hash is the member's own, not a cohort's.</param>
/// <param name="Generation">The generation of the member's tokens: earlier ones are revoked.</param>
/// <param name="IsKnown">Whether the member logged in from this address before.</param>
/// <param name="Failures">While the account is attacked from other addresses: failures from an unknown one.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.LoginAttempt")]
public readonly record struct LoginAttempt(
    [property: Id(0)] string? PasswordHash,
    [property: Id(1)] MemberRole Role,
    [property: Id(2)] TimeSpan RetryAfter,
    [property: Id(3)] bool IsOwn = false,
    [property: Id(4)] int Generation = 0,
    [property: Id(5)] bool IsKnown = false,
    [property: Id(6)] int Failures = 0);

/// <summary>A run of members <c>prefix{First} … prefix{First + Count - 1}</c> that share one password.</summary>
/// <param name="Prefix">The beginning of their ids.</param>
/// <param name="First">The first number, at least 0.</param>
/// <param name="Count">How many, at least 1.</param>
/// <param name="PasswordHash">The one hash for all of them; empty for members who only have tokens.</param>
/// <param name="SignedUp">
/// Those of its ids that members had signed up with before, and that are not the cohort's; null when that was not
/// recorded.
/// </param>
[GenerateSerializer, Immutable, Alias("BoxOffice.Cohort")]
public sealed record Cohort(
    [property: Id(0)] string Prefix,
    [property: Id(1)] int First,
    [property: Id(2)] int Count,
    [property: Id(3)] string PasswordHash,
    [property: Id(4)] string[]? SignedUp = null);

/// <summary>Outcome of registering a run for tokens.</summary>
/// <param name="IsFull">True when no more cohorts can be kept.</param>
/// <param name="SignedUp">A member of the run who signed up; null when there is none.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.TokenRunResult")]
public readonly record struct TokenRunResult([property: Id(0)] bool IsFull, [property: Id(1)] string? SignedUp);

/// <summary>Outcome of registering a cohort.</summary>
/// <param name="IsFull">True when no more cohorts can be kept: nothing was registered.</param>
/// <param name="Created">How many ids are new.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.CohortResult")]
public readonly record struct CohortResult([property: Id(0)] bool IsFull, [property: Id(1)] int Created);

namespace BoxOffice.Api.Contracts;

/// <summary>The problems of accounts, tokens and load tests.</summary>
public static class AccountProblems
{
    /// <summary>404: what is only for load tests.</summary>
    public static readonly Problem LoadTestOff =
        new(404, "NOT_FOUND", "There is nothing here: BoxOffice__LoadTest is off.", true);

    /// <summary>404: no such member.</summary>
    public static readonly Problem MemberNotFound = new(404, "MEMBER_NOT_FOUND", "There is no such member.", true);

    /// <summary>422: a member of a load test has no password of its own.</summary>
    public static readonly Problem SharedPassword = new(
        422, "SHARED_PASSWORD", "Members of load tests share a password, which cannot be changed.", true);

    /// <summary>422: no more cohorts can be kept.</summary>
    public static readonly Problem TooManyCohorts =
        new(422, "TOO_MANY_COHORTS", "No more cohorts of members can be registered.", true);
}

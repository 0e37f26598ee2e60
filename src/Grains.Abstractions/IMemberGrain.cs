using Orleans.Concurrency;

namespace BoxOffice;

/// <summary>One account. Its key is the member's id with the prefix <see cref="MemberKey.Prefix"/>.</summary>
[Alias("BoxOffice.IMemberGrain")]
public interface IMemberGrain : IGrainWithStringKey
{
    /// <summary>Registers the member. When the id is taken, its password does not change.</summary>
    [Alias("SignUp")]
    Task<SignUpStatus> SignUp(string passwordHash, MemberRole role);

    /// <summary>
    /// Asks whether a login attempt is allowed now, and against which hash.
    /// Unknown members answer in the same way, without a hash.
    /// </summary>
    /// <param name="address">Where the attempt comes from: failures slow down that address first.</param>
    [Alias("BeginLogin")]
    Task<LoginAttempt> BeginLogin(string address);

    /// <summary>Reports how the attempt ended. A success forgets the failures of that address.</summary>
    [Alias("EndLogin")]
    Task EndLogin(string address, bool succeeded);

    /// <summary>
    /// Replaces the password's hash and the role: for the operator's configured password. It revokes all tokens.
    /// </summary>
    [Alias("ChangePassword")]
    Task ChangePassword(string passwordHash, MemberRole role);

    /// <summary>
    /// Replaces the password's hash when it still is the old one. Returns the generation of new tokens, else null.
    /// </summary>
    /// <param name="oldHash">The hash that was verified.</param>
    /// <param name="newHash">The new one.</param>
    /// <param name="endsSessions">Whether all tokens so far are revoked.</param>
    [Alias("ReplacePassword")]
    Task<int?> ReplacePassword(string oldHash, string newHash, bool endsSessions);

    /// <summary>
    /// Revokes all tokens of the member so far. Returns the generation of new ones; null when there is no such member.
    /// </summary>
    [Alias("EndSessions")]
    Task<int?> EndSessions();

    /// <summary>True when a member signed up with this id; cohorts do not count.</summary>
    [Alias("HasSignedUp")]
    Task<bool> HasSignedUp();
}

/// <summary>
/// Members that an operator registered in one call: <c>prefix1 … prefixN</c> with one password.
/// They are one stored record, not N. There is one such grain; its key is 0.
/// </summary>
[Alias("BoxOffice.ICohortGrain")]
public interface ICohortGrain : IGrainWithIntegerKey
{
    /// <summary>Registers the cohort. Ids that are registered already keep their password.</summary>
    [Alias("Register")]
    Task<CohortResult> Register(Cohort cohort);

    /// <summary>
    /// Makes sure that all ids of a run are a cohort's, so that tokens may be issued for them: new ones are registered
    /// without a password. A run with a member who signed up is refused as a whole.
    /// </summary>
    [Alias("RegisterForTokens")]
    Task<TokenRunResult> RegisterForTokens(string prefix, int first, int count);

    /// <summary>
    /// The password hash of a member of a cohort: empty when the cohort has no password, null when no cohort has the
    /// member.
    /// </summary>
    [Alias("PasswordHashOf"), AlwaysInterleave]
    Task<string?> PasswordHashOf(string memberId);
}

/// <summary>Keys of member grains.</summary>
public static class MemberKey
{
    /// <summary>
    /// Orleans' AdoNet storage parses keys that look like a Guid or a hexadecimal number as numbers,
    /// so that "e1" and "0e1" would share a row (dotnet/orleans #9706). No key with this prefix does.
    /// </summary>
    public const string Prefix = "member-";

    /// <summary>The grain's key for a member's id.</summary>
    public static string Of(string memberId) => Prefix + memberId;
}

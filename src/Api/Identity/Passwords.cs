namespace BoxOffice.Api.Identity;

/// <summary>
/// The rules for new passwords. A password counts and is hashed in its normal form (<see cref="Nfkc"/>).
/// </summary>
internal static class Passwords
{
    /// <summary>Fewest characters.</summary>
    public const int LengthMin = 8;

    /// <summary>Most characters.</summary>
    public const int LengthMax = 256;

    /// <summary>Most UTF-16 units that are read: a syllable of Hangul may come as three letters.</summary>
    public const int ReadMax = 4 * LengthMax;

    /// <summary>
    /// The commonest of at least eight characters, in lower case, of the 49,000 that zxcvbn knows from leaks: see
    /// eng/passwords/tables.py.
    /// </summary>
    private static readonly Lazy<HashSet<string>> Commonest =
        new(() => IdentityResource.Lines("common-passwords.txt").ToHashSet(StringComparer.Ordinal));

    /// <summary>
    /// True when it has an allowed length and is neither one of the commonest nor the member's own id.
    /// </summary>
    public static bool IsStrong(string? password, string memberId)
    {
        if (password is not { Length: >= LengthMin and <= ReadMax }) return false;
        var normal = Nfkc.Normalize(password);
        return normal.EnumerateRunes().Count() is >= LengthMin and <= LengthMax
            && !Commonest.Value.Contains(normal.ToLowerInvariant())
            && !string.Equals(normal, memberId, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>True when it may be someone's password: short enough to be hashed.</summary>
    public static bool IsReadable(string? password) => password is { Length: > 0 and <= ReadMax };
}

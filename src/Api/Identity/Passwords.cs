namespace BoxOffice.Api.Identity;

/// <summary>The rules for new passwords.</summary>
internal static class Passwords
{
    public const int LengthMin = 8;
    public const int LengthMax = 256;

    // The commonest of at least eight characters in public lists of leaked passwords, which guessers try first.
    private static readonly HashSet<string> Commonest = new(StringComparer.OrdinalIgnoreCase)
    {
        "12345678", "123456789", "1234567890", "0123456789", "987654321", "87654321", "11111111", "00000000",
        "88888888", "12341234", "123123123", "11223344", "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "qwertyui", "qwertyuiop",
        "qwerty123", "asdfghjkl", "password", "password1", "passw0rd", "p@ssw0rd", "iloveyou", "sunshine", "princess",
        "football", "baseball", "superman", "trustno1", "starwars", "whatever", "computer", "michelle",
        "jennifer", "welcome1", "letmein1", "admin123", "changeme", "abcd1234", "a1b2c3d4", "aa123456", "qwer1234",
        "asdf1234", "zxcvbnm1",
    };

    /// <summary>
    /// True when it has an allowed length and is neither one of the commonest nor the member's own id.
    /// </summary>
    public static bool IsStrong(string? password, string memberId) =>
        password is { Length: >= LengthMin and <= LengthMax }
        && !Commonest.Contains(password)
        && !string.Equals(password, memberId, StringComparison.OrdinalIgnoreCase);
}

using Microsoft.Extensions.Configuration;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// Finds settings of the section <c>BoxOffice</c> that no program knows: when mistyped, they would be ignored silently.
/// They are a warning, no error, because during a rolling upgrade old programs get the settings of new ones.
/// </summary>
public static class SettingNames
{
    /// <summary>
    /// Names of the front-end's options: silos get the same settings and ignore these. A test compares them.
    /// </summary>
    internal static readonly string[] OfFrontEnds =
    [
        "OperatorPassword", "TokenKey", "TokenKeyPrevious", "TokenLifetime", "PasswordIterations",
        "PasswordWorkers", "PasswordQueueMax", "PasswordsRememberedMax", "PasswordsRememberedFor",
        "TokensRememberedMax", "LoginFailuresPerAddressBurst", "LoginFailuresPerAddressPerSecond",
        "MemberCallsPerSecond", "MemberCallsBurst", "AddressCallsPerSecond", "SoldOutTrustedFor",
        "CoalescerWaitingMax", "CoalescerBatchMax", "CoalescerCallsMax", "ResponseTimeout", "AttemptTimeout",
        "DrainDelay", "KeepAlive", "TrustedProxies", "StreamListenersMax", "StreamPeriod", "StreamHeartbeat",
        "EventsPageMax", "RehearsalUrl", "BulkCountMax", "LoadTest", "AuditRefusalsMax",
        "MemberReadsPerSecond", "ListReadsPerAddressPerSecond", "SignUpsPerAddressPerSecond",
        "StreamsPerAddressMax", "StreamsPerMemberMax", "ConnectionsPerAddressMax", "FirstRequestTimeout",
    ];

    private static readonly string[] Known =
    [
        .. typeof(BoxOfficeOptions).GetProperties()
            .Where(property => property.CanWrite).Select(property => property.Name),
        .. OfFrontEnds,
    ];

    /// <summary>One warning for each unknown name, with the known name that it resembles.</summary>
    public static void Check(IConfiguration configuration, StartupWarnings warnings)
    {
        foreach (var setting in configuration.GetSection(BoxOfficeOptions.Section).GetChildren())
        {
            var name = setting.Key;
            if (Known.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            var nearest = Known.MinBy(known => Distance(name, known))!;
            // A name that differs in more than half of its letters is another word.
            var hint = Distance(name, nearest) <= nearest.Length / 2
                ? $"did you mean BoxOffice__{nearest}?"
                : "see docs/operations.md.";
            warnings.Add($"BoxOffice__{name} is not a setting that this version knows, and is ignored: {hint}");
        }
    }

    /// <summary>How many letters must be added, removed or changed to turn one name into the other.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= other.Length; j++)
            {
                var isSame = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (isSame ? 0 : 1)));
            }
        }
        return row[^1];
    }
}

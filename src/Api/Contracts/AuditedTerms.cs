using System.Globalization;

namespace BoxOffice.Api.Contracts;

/// <summary>Fields of bodies as the audit log records them.</summary>
internal static class AuditedTerms
{
    /// <summary>A field; it is left out when its value is null.</summary>
    public static KeyValuePair<string, string?> Field(string name, IFormattable? value) =>
        new(name, value?.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>A field; it is left out when its value is null.</summary>
    public static KeyValuePair<string, string?> Field(string name, string? value) => new(name, value);

    /// <summary>The terms of an event.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Of(
        string? name, int? capacity, int? maxPerMember, int? holdSeconds, DateTimeOffset? opensAt,
        DateTimeOffset? closesAt) =>
    [
        Field("name", name), Field("capacity", capacity), Field("maxPerMember", maxPerMember),
        Field("holdSeconds", holdSeconds), Moment("opensAt", opensAt), Moment("closesAt", closesAt),
    ];

    private static KeyValuePair<string, string?> Moment(string name, DateTimeOffset? moment) =>
        new(name, moment?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));
}

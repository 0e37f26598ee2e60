using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Api.Contracts;

/// <summary>To sign up, or to log in.</summary>
public sealed record Credentials([property: Required] string? Id, [property: Required] string? Password);

/// <summary>To change the caller's password.</summary>
public sealed record ChangePassword([property: Required] string? Old, [property: Required] string? New);

/// <summary>To open an event.</summary>
public sealed class OpenEvent : IAuditedBody
{
    /// <summary>
    /// The id: a string, or a whole number, which is the same as its digits. Unset: one is generated.
    /// </summary>
    [JsonConverter(typeof(IdConverter))]
    public string? Id { get; set; }

    /// <summary>The name shown to people.</summary>
    [Required]
    public string? Name { get; set; }

    /// <summary>Tickets in all.</summary>
    [Required]
    public int Capacity { get; set; }

    /// <summary>Tickets for one member; absent or null: 1.</summary>
    public int? MaxPerMember { get; set; }

    /// <summary>How long a reservation is held; absent, null or 0: it is confirmed at once.</summary>
    public int? HoldSeconds { get; set; }

    /// <summary>When the sale begins.</summary>
    public DateTimeOffset? OpensAt { get; set; }

    /// <summary>When the sale ends.</summary>
    public DateTimeOffset? ClosesAt { get; set; }

    /// <summary>The terms asked for.</summary>
    public EventTerms ToTerms() => new(Name ?? "", Capacity, MaxPerMember ?? 1, HoldSeconds ?? 0, OpensAt, ClosesAt);

    string? IAuditedBody.Target => Id;

    IEnumerable<KeyValuePair<string, string?>> IAuditedBody.Detail =>
        AuditedTerms.Of(Name, Capacity, MaxPerMember, HoldSeconds, OpensAt, ClosesAt);
}

/// <summary>To repair a broken event.</summary>
public sealed class RepairEvent : IAuditedBody
{
    /// <summary>The last entry that stays: the one that EVENT_BROKEN names to operators.</summary>
    [Required]
    public long? UpTo { get; set; }

    IEnumerable<KeyValuePair<string, string?>> IAuditedBody.Detail => [AuditedTerms.Field("upTo", UpTo)];
}

/// <summary>
/// To change an event. Fields that are absent stay as they are; <c>null</c> clears an edge of the window.
/// </summary>
public sealed class ChangeEvent : IAuditedBody
{
    /// <summary>The name shown to people.</summary>
    public string? Name { get; set; }

    /// <summary>Tickets in all.</summary>
    public int? Capacity { get; set; }

    /// <summary>Tickets for one member.</summary>
    public int? MaxPerMember { get; set; }

    /// <summary>How long a reservation is held; for new ones only.</summary>
    public int? HoldSeconds { get; set; }

    /// <summary>When the sale begins. Null removes it: the sale has begun since ever. Absent: it stays.</summary>
    [JsonConverter(typeof(EdgeConverter))]
    public Edge? OpensAt { get; set; }

    /// <summary>When the sale ends. Null removes it: the sale never ends. Absent: it stays.</summary>
    [JsonConverter(typeof(EdgeConverter))]
    public Edge? ClosesAt { get; set; }

    /// <summary>What to remove: the same as null there, for clients that leave out what is null.</summary>
    public RemovableTerm[]? Remove { get; set; }

    /// <summary>Rules broken, by field: a moment cannot be both set and removed.</summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>();
        Check(OpensAt, RemovableTerm.OpensAt, "opensAt");
        Check(ClosesAt, RemovableTerm.ClosesAt, "closesAt");
        return errors;

        void Check(Edge? edge, RemovableTerm term, string field)
        {
            if (edge is { At: not null } && Removes(term)) errors[field] = ["must not be both set and removed"];
        }
    }

    /// <summary>The change asked for.</summary>
    /// <param name="ifVersions">The versions of the event that it is for; null: any.</param>
    public TermsChange ToChange(long[]? ifVersions) => new(
        Name, Capacity, MaxPerMember, HoldSeconds,
        Removes(RemovableTerm.OpensAt) ? new Edge(null) : OpensAt,
        Removes(RemovableTerm.ClosesAt) ? new Edge(null) : ClosesAt,
        ifVersions);

    private bool Removes(RemovableTerm term) => Remove?.Contains(term) == true;

    IEnumerable<KeyValuePair<string, string?>> IAuditedBody.Detail =>
    [
        .. AuditedTerms.Of(Name, Capacity, MaxPerMember, HoldSeconds, OpensAt?.At, ClosesAt?.At),
        AuditedTerms.Field("remove", Removed()),
    ];

    private string? Removed()
    {
        var change = ToChange(ifVersions: null);
        string[] removed =
            [.. change.OpensAt is { At: null } ? ["opensAt"] : (string[])[],
                .. change.ClosesAt is { At: null } ? ["closesAt"] : (string[])[]];
        return removed.Length == 0 ? null : string.Join(", ", removed);
    }
}

/// <summary>A term that an event can be without.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RemovableTerm>))]
public enum RemovableTerm
{
    /// <summary>When the sale begins.</summary>
    OpensAt,

    /// <summary>When the sale ends.</summary>
    ClosesAt,
}

/// <summary>A run of members: <c>{prefix}{first}</c>, <c>{prefix}{first + 1}</c> …</summary>
public sealed class MemberRun : IAuditedBody
{
    /// <summary>The beginning of each id.</summary>
    [Required]
    public string? Prefix { get; set; }

    /// <summary>The first number; absent or null: 1.</summary>
    public int? First { get; set; }

    /// <summary>How many.</summary>
    [Required]
    public int Count { get; set; }

    /// <summary>One password for all; only for registering.</summary>
    public string? Password { get; set; }

    /// <summary>Rules broken, by field.</summary>
    public Dictionary<string, string[]> Errors(int countMax)
    {
        var errors = new Dictionary<string, string[]>();
        if (First < 0) errors["first"] = ["must be 0 or more"];
        if (Count < 1 || Count > countMax) errors["count"] = [$"must be 1 to {countMax}"];
        else if (First > int.MaxValue - Count) errors["first"] = ["is too large"];
        // The longest id is the last; a number has at most 10 digits.
        if (!Identifiers.IsMemberId(Prefix + int.MaxValue))
            errors["prefix"] = ["must be letters, digits and . - _ @ +, and short enough"];
        return errors;
    }

    string? IAuditedBody.Target => Prefix;

    IEnumerable<KeyValuePair<string, string?>> IAuditedBody.Detail =>
        [AuditedTerms.Field("first", First), AuditedTerms.Field("count", Count)];
}

/// <summary>Enums are upper-case words on the wire.</summary>
internal sealed class UpperCaseEnumConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>Names of fields are in camel case, as they are elsewhere on the wire.</summary>
internal sealed class CamelCaseEnumConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>An event's id may be written as a number.</summary>
internal sealed class IdConverter : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number when reader.TryGetUInt64(out var number) =>
                number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => throw new UnreadableFieldException("must be a string or a whole number"),
        };

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}

/// <summary>Distinguishes an absent field from <c>null</c>, which clears.</summary>
internal sealed class EdgeConverter : JsonConverter<Edge?>
{
    public override bool HandleNull => true;

    public override Edge? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new Edge(reader.TokenType == JsonTokenType.Null ? null : MomentConverter.Read(ref reader));

    public override void Write(Utf8JsonWriter writer, Edge? value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}

/// <summary>Moments are RFC 3339: read with an offset, written in UTC with Z.</summary>
internal sealed class MomentConverter : JsonConverter<DateTimeOffset>
{
    public static DateTimeOffset Read(ref Utf8JsonReader reader)
    {
        // Without an offset, .NET would take the moment as the server's local time.
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return hasOffset && reader.TryGetDateTimeOffset(out var moment)
            ? moment.ToUniversalTime()
            : throw new UnreadableFieldException(
                "must be a moment with its offset, as RFC 3339 says, such as 2026-11-22T18:00:00Z");
    }

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Api.Contracts;

/// <summary>
/// Texts of callers in the form in which they are recorded: bounded, and unable to imitate other lines.
/// </summary>
internal static partial class AuditText
{
    // Longest of a value in a detail: a name of an event is shorter.
    private const int ValueLengthMax = 256;

    /// <summary>
    /// At most <paramref name="lengthMax"/> characters. Characters that control lines, fields or the direction of
    /// writing, and halves of characters, become U+FFFD; what is too long ends with "…".
    /// </summary>
    public static string Clean(string? text, int lengthMax = AuditRecord.TextLengthMax)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var clean = new StringBuilder(Math.Min(text.Length, lengthMax));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength >= lengthMax) return clean.Append('…').ToString();
            clean.Append(IsVisible(rune) ? rune.ToString() : "\uFFFD");
        }
        return clean.ToString();
    }

    /// <summary>A detail as it is stored; null when there is nothing in it.</summary>
    public static string? Write(IEnumerable<KeyValuePair<string, string?>> detail)
    {
        var values = new Dictionary<string, string>();
        foreach (var (name, value) in detail)
        {
            if (value is not null) values[name] = Clean(value, ValueLengthMax);
        }
        if (values.Count == 0) return null;
        var json = JsonSerializer.Serialize(values, AuditJson.Default.DictionaryStringString);
        return json.Length <= AuditRecord.DetailLengthMax ? json : """{"detail":"too long"}""";
    }

    /// <summary>A stored detail.</summary>
    public static IReadOnlyDictionary<string, string> Read(string? detail) => detail is null
        ? new Dictionary<string, string>()
        : JsonSerializer.Deserialize(detail, AuditJson.Default.DictionaryStringString)!;

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class AuditJson : JsonSerializerContext;
}

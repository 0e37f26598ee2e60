using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// Terms as the journal and snapshots store them: the names are stored, so a renamed property needs its old name here.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventTerms))]
internal sealed partial class TermsJson : JsonSerializerContext
{
    /// <summary>The stored form; null for no terms.</summary>
    public static string? Write(EventTerms? terms) =>
        terms is null ? null : JsonSerializer.Serialize(terms, Default.EventTerms);

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static EventTerms? Read(string json) => JsonSerializer.Deserialize(json, Default.EventTerms);
}

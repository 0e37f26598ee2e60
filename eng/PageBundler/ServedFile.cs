using System.Text.Json.Serialization;

namespace BoxOffice.Pages;

/// <summary>
/// One file of the pages as it is served. The bundler writes the list of them, the front-end reads it.
/// </summary>
/// <param name="Address">The path of its URL.</param>
/// <param name="Name">Its name beside the list; <c>.br</c> and <c>.gz</c> of it are there too.</param>
/// <param name="MediaType">With the character set.</param>
/// <param name="Tag">Names the content: the beginning of its SHA-256, in hexadecimal digits.</param>
/// <param name="IsImmutable">The address contains <paramref name="Tag"/>: what is there never changes.</param>
/// <param name="StyleHash">Of a page: what its style element contains, as a source of a content security
/// policy.</param>
public sealed record ServedFile(
    string Address, string Name, string MediaType, string Tag, bool IsImmutable, string? StyleHash = null)
{
    /// <summary>The name of the list.</summary>
    public const string ListName = "pages.json";
}

/// <summary>How the list is written and read.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(ServedFile[]))]
public sealed partial class ServedFileJson : JsonSerializerContext;

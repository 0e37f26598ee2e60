using System.Text.Json;
using Orleans.Storage;

namespace BoxOffice.Grains.Members;

/// <summary>
/// Stores grain state as plain JSON. Orleans' default writes .NET type names into the payload, so that renaming a class
/// would make its rows unreadable.
/// </summary>
internal sealed class JsonGrainStorageSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input)!;
}

using System.Globalization;
using System.Text.Json;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Live;

/// <summary>What a listener reads next.</summary>
/// <param name="Id">Of an event's numbers; null for a sign of life.</param>
/// <param name="Bytes">As they are written (WHATWG HTML, server-sent events).</param>
internal sealed record Frame(string? Id, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A comment, by which both ends and everything between them see that the connection lives.</summary>
    public static readonly Frame SignOfLife = new(null, ": \n\n"u8.ToArray());

    /// <summary>The version: the numbers are the same when it is.</summary>
    public static string IdOf(EventStatus status) => status.Version.ToString(CultureInfo.InvariantCulture);

    public static Frame Of(EventStatus status)
    {
        var id = IdOf(status);
        var numbers = JsonSerializer.SerializeToUtf8Bytes(EventAnswer.Of(status), WireJson.Default.EventAnswer);
        return new(id, (byte[])[.. "id: "u8, .. System.Text.Encoding.ASCII.GetBytes(id), .. "\nevent: availability\ndata: "u8, .. numbers, .. "\n\n"u8]);
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Live;

/// <summary>A part of a stream.</summary>
/// <param name="Id">The version of the event's numbers; null for a heartbeat.</param>
/// <param name="Bytes">The frame as it is written (WHATWG HTML, server-sent events).</param>
internal sealed record Frame(string? Id, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A comment that shows both ends, and proxies between them, that the connection is alive.</summary>
    public static readonly Frame Heartbeat = new(null, ": \n\n"u8.ToArray());

    /// <summary>The event's version: equal versions have equal numbers.</summary>
    public static string IdOf(EventStatus status) => status.Version.ToString(CultureInfo.InvariantCulture);

    public static Frame Of(EventStatus status)
    {
        var id = IdOf(status);
        var head = Encoding.ASCII.GetBytes($"id: {id}\nevent: availability\ndata: ");
        var numbers = JsonSerializer.SerializeToUtf8Bytes(EventAnswer.Of(status), WireJson.Default.EventAnswer);
        return new(id, (byte[])[.. head, .. numbers, .. "\n\n"u8]);
    }
}

using System.Buffers.Text;
using System.Text;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>A response of HTTP/1.1, as far as the generator reads it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Length">Bytes of status line, headers and body.</param>
/// <param name="IsLast">The server closes the connection after it.</param>
internal readonly record struct Answer(int Status, int Length, bool IsLast)
{
    private const int StatusAt = 9; // "HTTP/1.1 200 …"

    /// <summary>Reads a response. Returns false when it is incomplete.</summary>
    /// <exception cref="FormatException">The bytes are no HTTP response.</exception>
    public static bool TryRead(ReadOnlySpan<byte> received, out Answer answer)
    {
        answer = default;
        var headLength = received.IndexOf("\r\n\r\n"u8) + 4;
        if (headLength < 4) return false;
        var head = received[..(headLength - 2)];
        if (!head.StartsWith("HTTP/1.1 "u8) || head.Length < StatusAt + 3
            || !Utf8Parser.TryParse(head.Slice(StatusAt, 3), out int status, out _))
            throw new FormatException("No status line of HTTP/1.1.");

        var (bodyLength, isChunked, isLast) = (0, false, false);
        var rest = head[(head.IndexOf("\r\n"u8) + 2)..];
        while (rest.Length > 0)
        {
            var lineLength = rest.IndexOf("\r\n"u8);
            var line = rest[..lineLength];
            rest = rest[(lineLength + 2)..];
            if (IsHeader(line, "content-length:"u8, out var value)
                && !Utf8Parser.TryParse(value, out bodyLength, out _))
                throw new FormatException("No number in Content-Length.");
            if (IsHeader(line, "transfer-encoding:"u8, out value))
                isChunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
            if (IsHeader(line, "connection:"u8, out value)) isLast = Ascii.EqualsIgnoreCase(value, "close"u8);
        }
        if (isChunked && !TryMeasureChunks(received[headLength..], out bodyLength)) return false;
        answer = new(status, headLength + bodyLength, isLast);
        return received.Length >= answer.Length;
    }

    /// <summary>The code of a refusal, such as SOLD_OUT; null without one.</summary>
    public static string? CodeOf(ReadOnlySpan<byte> answer)
    {
        var at = answer.IndexOf("\"code\":\""u8);
        if (at < 0) return null;
        var rest = answer[(at + 8)..];
        var end = rest.IndexOf((byte)'"');
        return end < 0 ? null : Encoding.UTF8.GetString(rest[..end]);
    }

    private static bool IsHeader(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var isIt = line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
        value = isIt ? line[name.Length..].Trim((byte)' ') : default;
        return isIt;
    }

    /// <summary>Measures a chunked body: size, bytes, until a size of 0; trailers may follow.</summary>
    private static bool TryMeasureChunks(ReadOnlySpan<byte> body, out int length)
    {
        length = 0;
        while (true)
        {
            var lineLength = body[length..].IndexOf("\r\n"u8) + 2;
            if (lineLength < 2) return false;
            if (!Utf8Parser.TryParse(body.Slice(length, lineLength - 2), out int size, out _, 'x'))
                throw new FormatException("No size of a chunk.");
            length += lineLength;
            if (size == 0) break;
            length += size + 2;
            if (length > body.Length) return false;
        }
        while (true)
        {
            var lineLength = body[length..].IndexOf("\r\n"u8) + 2;
            if (lineLength < 2) return false;
            length += lineLength;
            if (lineLength == 2) return true;
        }
    }
}

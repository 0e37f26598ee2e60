using System.Buffers;
using System.Text;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// The encoding of numbers and texts in a part: 7 bits a byte, the lowest first; a text is its length and UTF-8.
/// </summary>
internal static class PartEncoding
{
    public static void Varint(this ArrayBufferWriter<byte> output, long value)
    {
        var span = output.GetSpan(10);
        var (rest, length) = ((ulong)value, 0);
        for (; rest >= 0x80; rest >>= 7) span[length++] = (byte)(rest | 0x80);
        span[length++] = (byte)rest;
        output.Advance(length);
    }

    public static void Text(this ArrayBufferWriter<byte> output, string text)
    {
        output.Varint(Encoding.UTF8.GetByteCount(text));
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }
}

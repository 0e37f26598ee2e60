using System.Text;
using System.Text.Json;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// Reads the bytes of one part from the first to the last. They must be verified by <see cref="IsWhole"/> first.
/// </summary>
/// <param name="bytes">The part.</param>
/// <param name="place">The place of the first byte in the arena of texts.</param>
internal ref struct PartReader(ReadOnlySpan<byte> bytes, long place = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>True when no bit of it, or of its description, differs from what was written for this event.</summary>
    public static bool IsWhole(string eventId, in SnapshotPart part, ReadOnlySpan<byte> bytes) =>
        bytes.Length > EntryDigest.Length
        && EntryDigest.FromBytes(bytes[^EntryDigest.Length..])
            == PartWriter.ChecksumOf(eventId, part, bytes[..^EntryDigest.Length]);

    public int Number() => checked((int)Varint());

    public long Ticks() => Varint() * TimeSpan.TicksPerMicrosecond;

    public long Varint()
    {
        if (_bytes[_at] < 0x80) return _bytes[_at++];
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return (long)value;
        }
    }

    /// <summary>The place of the next text in the arena that has these bytes; it is skipped.</summary>
    public long Place()
    {
        var at = place + _at;
        var length = Number();
        _at += length;
        return at;
    }

    private ReadOnlySpan<byte> Utf8()
    {
        var length = Number();
        _at += length;
        return _bytes.Slice(_at - length, length);
    }

    public string Text() => Encoding.UTF8.GetString(Utf8());

    public EventTerms? Terms() =>
        Utf8() is { Length: > 0 } json ? JsonSerializer.Deserialize(json, TermsJson.Default.EventTerms) : null;
}

using System.IO.Hashing;
using System.Numerics;
using System.Text;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// Texts of one event, each at a place: the ids of its members and the keys of their calls. A text is no object; it is
/// its length and UTF-8, as in a part of a snapshot, whose bytes become a chunk of the arena unchanged.
/// </summary>
internal sealed class TextArena
{
    /// <summary>Longest text in bytes of UTF-8; an id or a key has at most 512.</summary>
    public const int LengthMax = 4_096;

    private const int ChunkLength = 1 << 16;
    private const int FirstLength = 256; // most events are small, and many are open at once
    private const int UsualLengthMax = 256; // bytes on the stack; a longer text is encoded on the heap
    private const int ChunkBits = 32;

    private static readonly long Seed = Random.Shared.NextInt64();

    private readonly List<byte[]> _chunks = [new byte[FirstLength]];
    private int _last; // the chunk to which texts are appended
    private int _used = 1; // bytes of it; at place 0 there is no text

    /// <summary>The text at a place.</summary>
    public ReadOnlySpan<byte> this[long at]
    {
        get
        {
            var from = _chunks[(int)(at >> ChunkBits)].AsSpan((int)at);
            return from[0] < 0x80 ? from.Slice(1, from[0]) : from.Slice(2, (from[0] & 0x7F) | (from[1] << 7));
        }
    }

    /// <summary>The same as a string.</summary>
    public string TextAt(long at) => Encoding.UTF8.GetString(this[at]);

    /// <summary>True when the text at a place is this one.</summary>
    public bool Is(long at, string text)
    {
        Span<byte> buffer = stackalloc byte[UsualLengthMax];
        return this[at].SequenceEqual(Encode(text, buffer));
    }

    /// <summary>
    /// Appends a text, and returns its place. No text spans two chunks. The first chunk is small at first, and moves.
    /// </summary>
    public long Add(string text)
    {
        Span<byte> buffer = stackalloc byte[UsualLengthMax];
        return Add(Encode(text, buffer));
    }

    /// <summary>The same for bytes of UTF-8.</summary>
    public long Add(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LengthMax)
            throw new ArgumentException($"A text has {utf8.Length} bytes; {LengthMax} are possible.", nameof(utf8));
        var lengthBytes = utf8.Length < 0x80 ? 1 : 2;
        var chunk = WithRoomFor(lengthBytes + utf8.Length);
        var at = ((long)_last << ChunkBits) + _used;
        chunk[_used] = (byte)(lengthBytes == 1 ? utf8.Length : utf8.Length | 0x80);
        if (lengthBytes == 2) chunk[_used + 1] = (byte)(utf8.Length >> 7);
        utf8.CopyTo(chunk.AsSpan(_used + lengthBytes));
        _used += lengthBytes + utf8.Length;
        return at;
    }

    /// <summary>
    /// Keeps bytes that contain texts, and returns the place of the first byte. The bytes must not change any more.
    /// </summary>
    public long Adopt(byte[] bytes)
    {
        _chunks.Add(bytes);
        return (long)(_chunks.Count - 1) << ChunkBits;
    }

    /// <summary>
    /// Its hash (XxHash3). It has a random seed in each process: clients choose the texts, and could otherwise choose
    /// many with the same hash.
    /// </summary>
    public static int HashOf(ReadOnlySpan<byte> utf8) => unchecked((int)XxHash3.HashToUInt64(utf8, Seed));

    /// <summary>A text in UTF-8: in the buffer when it fits.</summary>
    public static ReadOnlySpan<byte> Encode(string text, Span<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encoding.UTF8.TryGetBytes(text, buffer, out var length)
            ? buffer[..length]
            : Encoding.UTF8.GetBytes(text);
    }

    private byte[] WithRoomFor(int length)
    {
        var chunk = _chunks[_last];
        if (_last == 0 && _used + length > chunk.Length && chunk.Length < ChunkLength)
        {
            var wanted = BitOperations.RoundUpToPowerOf2((uint)(_used + length));
            Array.Resize(ref chunk, (int)Math.Min(ChunkLength, wanted));
            _chunks[0] = chunk;
        }
        if (_used + length > chunk.Length)
        {
            // no collection moves it
            _chunks.Add(chunk = GC.AllocateUninitializedArray<byte>(ChunkLength, pinned: true));
            (_last, _used) = (_chunks.Count - 1, 0);
        }
        return chunk;
    }
}

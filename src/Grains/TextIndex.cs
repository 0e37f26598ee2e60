using System.IO.Hashing;
using System.Numerics;
using System.Text;

namespace BoxOffice.Grains;

/// <summary>
/// Texts, each of an owner, that are numbered from 0 and found again: the members of an event, and the keys of their calls. A text is
/// no object, and the index grows by one bucket for each text (linear hashing), so that neither a garbage collection nor growth
/// stops a sale.
/// </summary>
/// <remarks>
/// The hash (XxHash3) has a random seed in each process: strangers choose the texts, and could otherwise choose many with one hash.
/// </remarks>
internal sealed class TextIndex
{
    /// <summary>Longest text in bytes of UTF-8; an id or a key has at most 512.</summary>
    public const int LengthMax = 4_096;

    private const int ChunkLength = 1 << ChunkBits;
    private const int ChunkBits = 16;
    private const int FirstLength = 256; // most events are small, and many are open at once
    private const int UsualLengthMax = 256; // bytes on the stack; a longer text is encoded on the heap
    private const int LengthBytes = 2;

    private readonly List<byte[]> _chunks = [new byte[FirstLength]];
    private readonly ChunkedList<Item> _items = new();
    private static readonly long Seed = Random.Shared.NextInt64();

    private ChunkedList<int> _buckets = new(); // the number of the first item and 1; 0 when it is empty
    private int _linked; // items that are in their buckets
    private int _used; // bytes of the last chunk
    private int _mask;

    public TextIndex() => _buckets.Add(0);

    /// <summary>Texts.</summary>
    public int Count => _items.Count;

    /// <summary>The text with this number.</summary>
    public string TextOf(int number) => Encoding.UTF8.GetString(Utf8Of(number));

    /// <summary>Whose it is.</summary>
    public int OwnerOf(int number) => _items[number].Owner;

    /// <summary>What was added with it.</summary>
    public int ValueOf(int number) => _items[number].Value;

    /// <summary>True when the text with this number is this one.</summary>
    public bool Is(int number, string text)
    {
        Span<byte> buffer = stackalloc byte[UsualLengthMax];
        return Utf8Of(number).SequenceEqual(Encode(text, buffer));
    }

    /// <summary>The number of an owner's text; -1 when it is not there.</summary>
    public int Find(string text, int owner = 0)
    {
        Span<byte> buffer = stackalloc byte[UsualLengthMax];
        return Find(Encode(text, buffer), owner);
    }

    /// <summary>The number of an owner's text; -1 when it is not there.</summary>
    public int Find(ReadOnlySpan<byte> utf8, int owner = 0)
    {
        if (_linked < _items.Count) Link();
        return Find(utf8, owner, HashOf(utf8, owner));
    }

    /// <summary>Adds a text that is not there yet. Returns its number.</summary>
    public int Add(string text, int owner = 0, int value = 0)
    {
        Span<byte> buffer = stackalloc byte[UsualLengthMax];
        return Add(Encode(text, buffer), owner, value);
    }

    /// <summary>The same for bytes of UTF-8.</summary>
    public int Add(ReadOnlySpan<byte> utf8, int owner = 0, int value = 0)
    {
        var number = AddUnlinked(utf8, owner, value);
        Link();
        return number;
    }

    /// <summary>The same, for many of which none is looked for before all are there: their buckets are then made once.</summary>
    public int AddUnlinked(ReadOnlySpan<byte> utf8, int owner, int value)
    {
        _items.Add(new() { Hash = HashOf(utf8, owner), Owner = owner, Value = value, At = Store(utf8) });
        return _items.Count - 1;
    }

    /// <summary>Makes room for so many at once, before the first is added.</summary>
    public void Expect(int count)
    {
        if (_items.Count == 0) SetBuckets(Math.Max(count, 1));
    }

    private int Find(ReadOnlySpan<byte> utf8, int owner, int hash)
    {
        for (var next = _buckets[BucketOf(hash)]; next > 0;)
        {
            ref var item = ref _items[next - 1];
            if (item.Hash == hash && item.Owner == owner && Utf8Of(next - 1).SequenceEqual(utf8)) return next - 1;
            next = item.Next;
        }
        return -1;
    }

    /// <summary>Puts items into their buckets; when most are not yet there, into new buckets of which there are enough.</summary>
    private void Link()
    {
        if (_items.Count > _buckets.Count && _items.Count > 2 * _linked + 1)
        {
            SetBuckets(_items.Count);
            _linked = 0;
        }
        for (; _linked < _items.Count; _linked++)
        {
            if (_linked >= _buckets.Count) AddBucket();
            ref var item = ref _items[_linked];
            ref var first = ref _buckets[BucketOf(item.Hash)];
            (item.Next, first) = (first, _linked + 1);
        }
    }

    private void SetBuckets(int count)
    {
        _buckets = new();
        for (var i = 0; i < count; i++) _buckets.Add(0);
        _mask = (int)BitOperations.RoundUpToPowerOf2((uint)count) - 1;
    }

    /// <summary>Adds one bucket and moves to it what belongs there: only the bucket that it is split from has any of it.</summary>
    private void AddBucket()
    {
        var added = _buckets.Count;
        var half = (int)(BitOperations.RoundUpToPowerOf2((uint)added + 1) >> 1);
        _mask = (half * 2) - 1;
        var (stay, move) = (0, 0);
        for (var next = _buckets[added - half]; next > 0;)
        {
            ref var item = ref _items[next - 1];
            ref var chain = ref (item.Hash & _mask) == added ? ref move : ref stay;
            (item.Next, chain, next) = (chain, next, item.Next);
        }
        _buckets[added - half] = stay;
        _buckets.Add(move);
    }

    private int BucketOf(int hash)
    {
        var bucket = hash & _mask;
        return bucket < _buckets.Count ? bucket : bucket & (_mask >> 1);
    }

    private ReadOnlySpan<byte> Utf8Of(int number)
    {
        var at = _items[number].At;
        var from = _chunks[(int)(at >> ChunkBits)].AsSpan((int)(at & (ChunkLength - 1)));
        return from.Slice(LengthBytes, BitConverter.ToUInt16(from));
    }

    /// <summary>Appends a text; none lies in two chunks. The first chunk is small at first, and moves.</summary>
    private long Store(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LengthMax) throw new ArgumentException($"A text has {utf8.Length} bytes; {LengthMax} are possible.", nameof(utf8));
        var length = LengthBytes + utf8.Length;
        var chunk = _chunks[^1];
        if (_chunks.Count == 1 && _used + length > chunk.Length && chunk.Length < ChunkLength)
        {
            Array.Resize(ref chunk, (int)Math.Min(ChunkLength, BitOperations.RoundUpToPowerOf2((uint)(_used + length))));
            _chunks[0] = chunk;
        }
        if (_used + length > chunk.Length)
        {
            _chunks.Add(chunk = GC.AllocateUninitializedArray<byte>(ChunkLength, pinned: true)); // no collection moves it
            _used = 0;
        }
        var at = ((long)(_chunks.Count - 1) << ChunkBits) + _used;
        BitConverter.TryWriteBytes(chunk.AsSpan(_used), (ushort)utf8.Length);
        utf8.CopyTo(chunk.AsSpan(_used + LengthBytes));
        _used += length;
        return at;
    }

    private static ReadOnlySpan<byte> Encode(string text, Span<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encoding.UTF8.TryGetBytes(text, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(text);
    }

    private static int HashOf(ReadOnlySpan<byte> utf8, int owner) =>
        unchecked((int)XxHash3.HashToUInt64(utf8, Seed) ^ (owner * (int)0x9E3779B1)); // one key may be used by many owners

    private struct Item
    {
        public int Hash;
        public int Next; // the number of the next item of the bucket and 1; 0 when there is none
        public int Owner;
        public int Value;
        public long At; // chunk and offset of the text
    }
}

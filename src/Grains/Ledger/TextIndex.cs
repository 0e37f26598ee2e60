using System.Numerics;
using System.Runtime.CompilerServices;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// An index of texts, numbered from 0, each with a value in place. It grows by one bucket for each text (linear
/// hashing), so that neither a garbage collection nor growth pauses a sale.
/// </summary>
/// <typeparam name="T">The value.</typeparam>
internal sealed class TextIndex<T>
    where T : struct
{
    private const int UsualLengthMax = 256; // bytes on the stack
    private const int AtOnce = 64; // texts whose buckets are loaded into the processor's cache together

    private readonly TextArena _texts;
    private readonly ChunkedList<Node> _links = new(); // apart from the items, so that a search reads dense memory
    private readonly ChunkedList<Item> _items = new();
    private ChunkedList<int> _buckets = new(); // the number of the first item and 1; 0 when it is empty
    private int _linked; // items that are in their buckets
    private int _mask;

    public TextIndex(TextArena texts)
    {
        _texts = texts;
        _buckets.Add(0);
    }

    /// <summary>Texts.</summary>
    public int Count => _items.Count;

    /// <summary>
    /// The value of the text with this number, in its place. No reference to one outlives an addition.
    /// </summary>
    [IndexerName("Values")]
    public ref T this[int number] => ref _items[number].Value;

    /// <summary>The place of the text with this number.</summary>
    public long PlaceOf(int number) => _items[number].At;

    /// <summary>The number of a text; -1 when it is not there.</summary>
    public int Find(string text)
    {
        Span<byte> buffer = stackalloc byte[UsualLengthMax];
        return Find(TextArena.Encode(text, buffer));
    }

    /// <summary>The number of a text; -1 when it is not there.</summary>
    public int Find(ReadOnlySpan<byte> utf8)
    {
        if (_linked < _items.Count) Link();
        return Find(utf8, TextArena.HashOf(utf8));
    }

    /// <summary>Adds a text that is not there yet. Returns its number.</summary>
    public int Add(string text)
    {
        Span<byte> buffer = stackalloc byte[UsualLengthMax];
        return Add(TextArena.Encode(text, buffer));
    }

    /// <summary>The same for bytes of UTF-8.</summary>
    public int Add(ReadOnlySpan<byte> utf8)
    {
        var number = AddUnlinked(utf8);
        Link();
        return number;
    }

    /// <summary>The same, for many without a search in between: their buckets are then built once.</summary>
    public int AddUnlinked(ReadOnlySpan<byte> utf8)
    {
        AddUnlinked(TextArena.HashOf(utf8), _texts.Add(utf8));
        return _items.Count - 1;
    }

    /// <summary>Finds the numbers of texts that have places already, and adds those that are not there.</summary>
    /// <param name="places">Where the texts are, each of them once.</param>
    /// <param name="numbers">For each its number.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // called once in a process, for millions
    public void FindOrAdd(ReadOnlySpan<long> places, Span<int> numbers)
    {
        Link();
        Span<int> hashes = stackalloc int[AtOnce];
        for (int count; places.Length > 0; places = places[count..], numbers = numbers[count..])
        {
            count = Math.Min(AtOnce, places.Length);
            for (var i = 0; i < count; i++) hashes[i] = TextArena.HashOf(_texts[places[i]]);
            Touch(hashes[..count]);
            for (var i = 0; i < count; i++)
            {
                numbers[i] = Find(_texts[places[i]], hashes[i]);
                if (numbers[i] >= 0) continue;
                numbers[i] = _items.Count;
                AddUnlinked(hashes[i], places[i]);
                Link();
            }
        }
    }

    /// <summary>Makes room for so many at once, before the first is added.</summary>
    public void Expect(int count)
    {
        if (_items.Count == 0) SetBuckets(Math.Max(count, 1));
    }

    /// <summary>Links items into their buckets; when most are not linked yet, into enough new buckets.</summary>
    public void Link()
    {
        if (_items.Count > _buckets.Count && _items.Count > 2 * _linked + 1)
        {
            SetBuckets(_items.Count);
            _linked = 0;
        }
        for (; _linked < _items.Count; _linked++)
        {
            if (_linked >= _buckets.Count) AddBucket();
            ref var link = ref _links[_linked];
            ref var first = ref _buckets[BucketOf(link.Hash)];
            (link.Next, first) = (first, _linked + 1);
        }
    }

    private void AddUnlinked(int hash, long at)
    {
        _links.Add(new() { Hash = hash });
        _items.Add(new() { At = at });
    }

    private int Find(ReadOnlySpan<byte> utf8, int hash)
    {
        for (var next = _buckets[BucketOf(hash)]; next > 0;)
        {
            ref var link = ref _links[next - 1];
            if (link.Hash == hash && _texts[_items[next - 1].At].SequenceEqual(utf8)) return next - 1;
            next = link.Next;
        }
        return -1;
    }

    /// <summary>
    /// Reads the buckets and their first items one after the other, so that the processor loads many at a time.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)] // its result is not used
    private int Touch(ReadOnlySpan<int> hashes)
    {
        Span<int> firsts = stackalloc int[AtOnce];
        for (var i = 0; i < hashes.Length; i++) firsts[i] = _buckets[BucketOf(hashes[i])];
        var read = 0;
        for (var i = 0; i < hashes.Length; i++) read |= firsts[i] > 0 ? _links[firsts[i] - 1].Hash : 0;
        return read;
    }

    private void SetBuckets(int count)
    {
        _buckets = new();
        for (var i = 0; i < count; i++) _buckets.Add(0);
        _mask = (int)BitOperations.RoundUpToPowerOf2((uint)count) - 1;
    }

    /// <summary>Adds one bucket and moves its items to it: they are all in the bucket that it is split from.</summary>
    private void AddBucket()
    {
        var added = _buckets.Count;
        var half = (int)(BitOperations.RoundUpToPowerOf2((uint)added + 1) >> 1);
        _mask = (half * 2) - 1;
        var (stay, move) = (0, 0);
        for (var next = _buckets[added - half]; next > 0;)
        {
            ref var link = ref _links[next - 1];
            ref var chain = ref (link.Hash & _mask) == added ? ref move : ref stay;
            (link.Next, chain, next) = (chain, next, link.Next);
        }
        _buckets[added - half] = stay;
        _buckets.Add(move);
    }

    private int BucketOf(int hash)
    {
        var bucket = hash & _mask;
        return bucket < _buckets.Count ? bucket : bucket & (_mask >> 1);
    }

    private struct Node
    {
        public int Hash;
        public int Next; // the number of the next item of the bucket and 1; 0 when there is none
    }

    private struct Item
    {
        public long At; // the place of the text
        public T Value;
    }
}

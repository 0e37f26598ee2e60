using System.Numerics;
using System.Runtime.CompilerServices;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// A list that grows without moving its items: a list that doubles would pause a sale, longer each time. Items are
/// changed in place; no reference to one may outlive an <see cref="Add"/>, for the first chunk is small at first, and
/// moves. An index must be below <see cref="Count"/>, which is not checked.
/// </summary>
internal sealed class ChunkedList<T>
    where T : struct
{
    // Most events are small, and many are open at once.
    private const int FirstLength = 4;

    // A chunk lives as long as its event: on .NET's pinned object heap no garbage collection moves it. As large as
    // possible without much waste: the list of the chunks of 20 million items then fits into the processor's cache.
    private const int ChunkBytes = 65_536;

    private static readonly int ChunkLength = 1 << Bits;
    private static readonly int Mask = ChunkLength - 1;

    private readonly List<T[]> _chunks = [];

    private static int Bits => BitOperations.Log2((uint)(ChunkBytes / Unsafe.SizeOf<T>()));

    /// <summary>Items.</summary>
    public int Count { get; private set; }

    /// <summary>An item, in its place.</summary>
    public ref T this[int index] => ref _chunks[index >> Bits][index & Mask];

    /// <summary>Adds an item after the last. The first chunk grows to its full length by doubling.</summary>
    public void Add(in T item)
    {
        if (Count == _chunks.Count << Bits) _chunks.Add(Count == 0 ? new T[FirstLength] : Allocate());
        else if (Count == _chunks[0].Length) GrowFirst();
        this[Count++] = item;
    }

    private void GrowFirst()
    {
        var larger = Count * 2 == ChunkLength ? Allocate() : new T[Count * 2];
        _chunks[0].CopyTo(larger, 0);
        _chunks[0] = larger;
    }

    private static T[] Allocate() => GC.AllocateArray<T>(ChunkLength, pinned: true);
}

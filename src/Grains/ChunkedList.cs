namespace BoxOffice.Grains;

/// <summary>
/// A list that grows without moving what is in it: a sale goes on while it grows, and a list that doubled would stop it for
/// longer each time. Items are changed in their places; no reference to one outlives an <see cref="Add"/>, for the first chunk is
/// small at first, and moves. An index is below <see cref="Count"/>, which nobody checks.
/// </summary>
internal sealed class ChunkedList<T>
    where T : struct
{
    // As items of up to 80 bytes, so that no chunk is one of .NET's large objects (85,000 bytes), which only a full collection frees.
    private const int ChunkLength = 1_024;

    // Most events are small, and many are open at once.
    private const int FirstLength = 4;

    private readonly List<T[]> _chunks = [];

    /// <summary>Items.</summary>
    public int Count { get; private set; }

    /// <summary>An item, in its place.</summary>
    public ref T this[int index] => ref _chunks[index / ChunkLength][index % ChunkLength];

    /// <summary>Adds an item after the last.</summary>
    public void Add(in T item)
    {
        if (Count == _chunks.Count * ChunkLength) _chunks.Add(new T[Count == 0 ? FirstLength : ChunkLength]);
        else if (Count == _chunks[0].Length) _chunks[0] = [.. _chunks[0], .. new T[Count]];
        this[Count++] = item;
    }
}

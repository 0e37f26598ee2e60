using System.Numerics;

namespace BoxOffice.Api.Telemetry;

/// <summary>
/// Takes items from many threads at once, each processor's in a part of its own, and passes them on in batches: the
/// receiver then has warm caches, and little contention on its locks.
/// </summary>
/// <param name="size">Most items that a part keeps. So many are passed on at once.</param>
/// <param name="handOn">
/// The receiver. It is called from the thread that added the last item, and from several threads at the same time.
/// </param>
internal sealed class StripedBuffer<T>(int size, StripedBuffer<T>.Receiver handOn)
{
    private const int PartsMax = 16; // with more processors some share a part

    private readonly Part[] _parts = [.. Enumerable
        .Range(0, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 1, PartsMax)))
        .Select(_ => new Part(size))];

    /// <summary>Takes the items; it must not keep the span.</summary>
    public delegate void Receiver(ReadOnlySpan<T> items);

    /// <summary>Adds an item.</summary>
    public void Add(in T item)
    {
        var part = _parts[Thread.GetCurrentProcessorId() & (_parts.Length - 1)];
        T[] items;
        lock (part)
        {
            if (!part.IsFullWith(item)) return;
            items = part.Take(out _);
        }
        HandOn(part, items, size);
    }

    /// <summary>Passes on all items that were added before.</summary>
    public void Flush()
    {
        foreach (var part in _parts)
        {
            T[] items;
            int count;
            lock (part) items = part.Take(out count);
            HandOn(part, items, count);
        }
    }

    private void HandOn(Part part, T[] items, int count)
    {
        handOn(items.AsSpan(0, count));
        part.GiveBack(items);
    }

    /// <summary>One processor's items. The caller of all but <see cref="GiveBack"/> holds its lock.</summary>
    private sealed class Part(int size)
    {
        private T[] _items = new T[size];
        private T[]? _spare;
        private int _count;

        public bool IsFullWith(in T item)
        {
            _items[_count++] = item;
            return _count == _items.Length;
        }

        public T[] Take(out int count)
        {
            var taken = _items;
            (count, _count) = (_count, 0);
            _items = Interlocked.Exchange(ref _spare, null) ?? new T[size];
            return taken;
        }

        public void GiveBack(T[] items) => Volatile.Write(ref _spare, items);
    }
}

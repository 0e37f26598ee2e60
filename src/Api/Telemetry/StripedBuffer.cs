using System.Numerics;

namespace BoxOffice.Api.Telemetry;

/// <summary>
/// Takes items from many threads at once, each processor's in a part of its own, and hands them on many at a time: what takes
/// them then meets warm caches, and nobody else who wants its locks.
/// </summary>
/// <param name="size">Most items that a part keeps back. So many are handed on at once.</param>
/// <param name="handOn">Is called from whatever thread brought the last of them; from several at the same time.</param>
internal sealed class StripedBuffer<T>(int size, StripedBuffer<T>.Receiver handOn)
{
    private const int PartsMax = 16; // beyond that some share one

    private readonly Part[] _parts = [.. Enumerable
        .Range(0, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 1, PartsMax)))
        .Select(_ => new Part(size))];

    /// <summary>Takes what was gathered; it must not keep it.</summary>
    public delegate void Receiver(ReadOnlySpan<T> items);

    /// <summary>One more.</summary>
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

    /// <summary>Hands on all that came before this.</summary>
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

    /// <summary>One processor's. Everything but <see cref="GiveBack"/> is called by who has its lock.</summary>
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

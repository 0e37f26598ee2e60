namespace BoxOffice.Grains.Journal;

/// <summary>Counts broken connections, so that the other writers replace theirs.</summary>
internal sealed class ConnectionBreaks
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}

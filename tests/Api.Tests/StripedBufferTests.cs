using System.Collections.Concurrent;
using BoxOffice.Api.Telemetry;

namespace BoxOffice.Api.Tests;

public sealed class StripedBufferTests
{
    private const int Size = 8;

    private readonly ConcurrentBag<int[]> _handedOn = [];

    [Fact]
    public void Items_are_handed_on_many_at_a_time_and_the_rest_when_asked()
    {
        var bulk = new StripedBuffer<int>(Size, items => _handedOn.Add(items.ToArray()));

        for (var i = 0; i < 1_000; i++) bulk.Add(i);
        var full = _handedOn.ToList();
        bulk.Flush();

        Assert.All(full, items => Assert.Equal(Size, items.Length));
        Assert.InRange(full.Count, 1, 1_000 / Size);
        Assert.Equal(Enumerable.Range(0, 1_000), _handedOn.SelectMany(items => items).Order());
    }

    [Fact]
    public void Each_item_of_many_threads_is_handed_on_once_also_while_others_ask_for_the_rest()
    {
        var bulk = new StripedBuffer<int>(Size, items => _handedOn.Add(items.ToArray()));

        Parallel.For(0, 200_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            bulk.Add(i);
            if (i % 1_000 == 0) bulk.Flush();
        });
        bulk.Flush();

        Assert.Equal(Enumerable.Range(0, 200_000), _handedOn.SelectMany(items => items).Order());
    }
}

using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

public sealed class ChunkedListTests
{
    [Fact]
    public void Every_item_is_found_at_its_index_while_the_list_grows()
    {
        var list = new ChunkedList<int>();
        for (var i = 0; i < 40_000; i++)
        {
            list.Add(-i);
            Assert.Equal((i + 1, -i), (list.Count, list[i]));
        }

        Assert.All(Enumerable.Range(0, 40_000), i => Assert.Equal(-i, list[i]));
    }

    [Fact]
    public void An_item_is_changed_in_its_place()
    {
        var list = new ChunkedList<int>();
        for (var i = 0; i < 30_000; i++) list.Add(0);

        list[2] = 7;
        list[29_999]++;

        Assert.Equal(8, Enumerable.Range(0, 30_000).Sum(i => list[i]));
        Assert.Equal((7, 1), (list[2], list[29_999]));
    }
}

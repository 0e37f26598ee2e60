using BoxOffice.Grains.Members;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Grains.Tests.Grain;

public sealed class MemberIndexerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FaultyJournal _journal = new() { IndexedAtOnce = 1_000 };
    private readonly RestingTime _time = new();
    private readonly MemberIndexer _indexer;

    public MemberIndexerTests()
    {
        _indexer = new(_journal, _time, NullLogger<MemberIndexer>.Instance);
        _journal.Indexing = () => _time.Pass(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task After_each_part_it_pauses_a_hundred_times_as_long_as_the_part_took()
    {
        _indexer.Add("gala", upTo: 2_500);
        await _indexer.StartAsync(default);

        var first = await _time.RestAsync();
        var indexedDuringThePause = _journal.Indexed.ToArray();
        _time.EndRest();
        var second = await _time.RestAsync();
        _time.EndRest();
        await _time.RestAsync();

        Assert.Equal((2_000, 2_000), (first.TotalMilliseconds, second.TotalMilliseconds));
        Assert.Equal([("gala", 1_000)], indexedDuringThePause);
        Assert.Equal([("gala", 1_000), ("gala", 2_000), ("gala", 2_500)], _journal.Indexed);
    }

    [Fact]
    public async Task A_large_event_does_not_delay_small_ones_until_all_of_it_is_indexed()
    {
        _indexer.Add("large", upTo: 1_500);
        _indexer.Add("small", upTo: 10);
        await _indexer.StartAsync(default);

        await RestAsync(times: 3);

        Assert.Equal([("large", 1_000), ("small", 10), ("large", 1_500)], _journal.Indexed);
    }

    [Fact]
    public async Task An_event_that_is_added_again_before_its_turn_has_one_turn()
    {
        _indexer.Add("gala", upTo: 10);
        _indexer.Add("gala", upTo: 30);
        _indexer.Add("gala", upTo: 20);
        _indexer.Add("ball", upTo: 5);
        await _indexer.StartAsync(default);

        await RestAsync(times: 2);

        Assert.Equal([("gala", 30), ("ball", 5)], _journal.Indexed);
    }

    [Fact]
    public async Task A_part_that_could_not_be_indexed_is_retried_later()
    {
        _journal.CanRead = false;
        _indexer.Add("gala", upTo: 10);
        await _indexer.StartAsync(default);

        var rest = await _time.RestAsync();
        _journal.CanRead = true;
        _time.EndRest();
        await _time.RestAsync();

        Assert.Equal(MemberIndexer.RestMax, rest);
        Assert.Equal([("gala", 10)], _journal.Indexed);
    }

    [Fact]
    public async Task A_very_long_part_does_not_delay_the_others_a_hundred_times_as_long()
    {
        _journal.Indexing = () => _time.Pass(TimeSpan.FromSeconds(25));
        _indexer.Add("gala", upTo: 10);
        await _indexer.StartAsync(default);

        Assert.Equal(MemberIndexer.RestMax, await _time.RestAsync());
    }

    [Fact]
    public async Task A_silo_that_stops_does_not_wait_for_the_end_of_a_pause()
    {
        _indexer.Add("gala", upTo: 2_500);
        await _indexer.StartAsync(default);
        await _time.RestAsync();

        await _indexer.StopAsync(default).WaitAsync(Patience);

        Assert.Equal([("gala", 1_000)], _journal.Indexed);
    }

    public async ValueTask DisposeAsync()
    {
        await _indexer.StopAsync(default).WaitAsync(Patience);
        _indexer.Dispose();
    }

    private async Task RestAsync(int times)
    {
        for (; times > 1; times--)
        {
            await _time.RestAsync();
            _time.EndRest();
        }
        await _time.RestAsync();
    }
}

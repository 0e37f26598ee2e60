using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>When snapshots are taken, and what a running sale pays for that.</summary>
public sealed class SnapshotTakerTests : IAsyncDisposable
{
    private readonly FaultyJournal _journal = new();
    private readonly RestingTime _time = new();
    private readonly SnapshotTaker _taker;

    public SnapshotTakerTests()
    {
        _taker = new(
            _journal, _journal.Snapshots, Options.Create(new BoxOfficeOptions { SnapshotEntries = 10 }), _time,
            NullLogger<SnapshotTaker>.Instance);
        _journal.Reading = () => _time.Pass(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task Part_after_part_is_taken_up_to_the_durable_sequence_with_pauses_between()
    {
        await SellAsync("gala", 35);
        _taker.Take("gala", durable: 35);
        await _taker.StartAsync(default);

        for (var i = 0; i < 3; i++)
        {
            var rest = await _time.RestAsync();
            // one reading, and later that of the tail before it too
            Assert.Equal(i == 0 ? 1_000 : 2_000, rest.TotalMilliseconds);
            Assert.Equal(i + 1, _journal.Snapshots.Of("gala").Length);
            _time.EndRest();
        }

        Assert.Equal([10, 20, 30], _journal.Snapshots.Of("gala"));
    }

    [Fact]
    public async Task Events_take_turns_and_small_ones_have_no_snapshot()
    {
        await SellAsync("large", 30);
        await SellAsync("other", 10);
        await SellAsync("small", 9);
        foreach (var (id, head) in new[] { ("large", 30), ("small", 9), ("other", 10) }) _taker.Take(id, head);
        await _taker.StartAsync(default);

        await _time.RestAsync();
        _time.EndRest();
        await _time.RestAsync();

        Assert.Equal([10], _journal.Snapshots.Of("large"));
        Assert.Equal([10], _journal.Snapshots.Of("other"));
        Assert.Empty(_journal.Snapshots.Of("small"));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_retried_after_a_pause()
    {
        await SellAsync("gala", 10);
        _journal.CanRead = false;
        _taker.Take("gala", durable: 10);
        await _taker.StartAsync(default);

        Assert.Equal(SnapshotTaker.RestMax, await _time.RestAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _taker.StopAsync(default);
        _taker.Dispose();
    }

    private Task<AppendStatus> SellAsync(string eventId, int entries) => _journal.AppendAsync(eventId, JournalHead.None,
    [
        new(1, EntryKind.Opened, DateTimeOffset.UnixEpoch, "operator", Terms: new("Gala", 1_000, 1_000)),
        .. Enumerable.Range(2, entries - 1)
            .Select(i => new JournalEntry(i, EntryKind.Reserved, DateTimeOffset.UnixEpoch, "ann", null, 1, i)),
    ]);
}

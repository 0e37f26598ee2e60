using BoxOffice.Grains.Events;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Members;
using BoxOffice.Grains.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>What is kept of events that sell, and of rehearsal copies.</summary>
public sealed class EventStoragesTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly FaultyJournal _sales = new();
    private readonly FaultyJournal _rehearsals = new();
    private readonly KnownHeads _known = new();
    private readonly SnapshotTaker _taker;
    private readonly MemberIndexer _indexer;
    private readonly EventStorages _storages;

    public EventStoragesTests()
    {
        var options = Options.Create(new BoxOfficeOptions());
        _taker = new(_sales, _sales.Snapshots, options, TimeProvider.System, NullLogger<SnapshotTaker>.Instance);
        _indexer = new(_sales, TimeProvider.System, NullLogger<MemberIndexer>.Instance);
        _storages = new(_sales, _sales, _rehearsals, _sales.Snapshots, _known, _taker, _indexer);
    }

    [Fact]
    public void An_event_that_sells_has_everything_but_cannot_be_deleted()
    {
        var storage = _storages.Of("gala");

        Assert.Same(_sales, storage.Journal);
        Assert.Same(_sales, storage.Counts);
        Assert.Same(_sales.Snapshots, storage.Snapshots);
        Assert.Same(_known, storage.Known);
        Assert.Equal((_taker, _indexer), (storage.SnapshotTaker, storage.MemberIndexer));
        Assert.Null(storage.RehearsalCopies);
    }

    [Fact]
    public async Task A_rehearsal_copy_has_a_journal_of_its_own_and_nothing_else()
    {
        var storage = _storages.Of(RehearsalCopy.EventOf("r1"));

        await storage.Snapshots.WriteAsync("copy", new(0, 10, 1, 0, 0, 0), [1]);

        Assert.Same(_rehearsals, storage.Journal);
        Assert.Same(_rehearsals, storage.Counts);
        Assert.Same(_rehearsals, storage.RehearsalCopies);
        Assert.Null(storage.SnapshotTaker);
        Assert.Null(storage.MemberIndexer);
        Assert.Empty(await storage.Snapshots.PartsAsync("copy"));
        Assert.Empty(_sales.Snapshots.Of("copy"));
    }

    [Fact]
    public void The_head_of_a_rehearsal_copy_is_not_known_so_its_deletion_is_no_loss()
    {
        var known = _storages.Of(RehearsalCopy.EventOf("r1")).Known;

        known.Note("copy", new(3, Noon, "ann"));

        Assert.Equal(0, known.LostIn("copy", JournalHead.None));
        Assert.Empty(known.InParts(10));
        Assert.Empty(_known.InParts(10));
    }

    public void Dispose()
    {
        _taker.Dispose();
        _indexer.Dispose();
    }
}

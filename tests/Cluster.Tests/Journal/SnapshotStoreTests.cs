using BoxOffice.Grains;
using BoxOffice.Grains.Events;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Cluster.Tests.Journal;

/// <summary>Snapshots in both databases: stored, replaced, deleted; and an event that comes back from one.</summary>
public sealed class SnapshotStoreTests(Postgres postgres)
{
    private const int PartEntries = 100;

    [Theory]
    [InlineData(Database.PostgreSql)]
    [InlineData(Database.Sqlite)]
    public async Task A_part_is_read_as_it_was_written_and_a_second_one_takes_its_place(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var snapshots = Store.SnapshotsOf(store.Open());
        var part = new SnapshotPart(100, 200, 1, UInt128.MaxValue - 5, 7, (UInt128)1 << 100);

        await snapshots.WriteAsync("gala", part with { Tail = 6 }, [1]);
        await snapshots.WriteAsync("gala", part, [2, 3]);
        await snapshots.WriteAsync("gala", part with { After = 200, Sequence = 300 }, [4]);
        await snapshots.WriteAsync("ball", part, [5]);

        Assert.Equal([part, part with { After = 200, Sequence = 300 }], await snapshots.PartsAsync("gala"));
        Assert.Equal([2, 3], await snapshots.BytesAsync("gala", 200));
        Assert.Null(await snapshots.BytesAsync("gala", 201));
        await snapshots.DeleteAsync("gala", from: 201);
        Assert.Equal([part], await snapshots.PartsAsync("gala"));
        Assert.Equal([part], await snapshots.PartsAsync("ball"));
    }

    [Theory]
    [InlineData(Database.PostgreSql)]
    [InlineData(Database.Sqlite)]
    public async Task A_replay_from_a_snapshot_gives_the_same_as_one_from_the_whole_journal(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        await journal.AppendAsync("gala", [Entries.Opened(), .. Entries.Run(2, 549)]);
        while (await SnapshotTaker.TakeNextAsync(journal, Store.SnapshotsOf(journal), "gala", 550, PartEntries) < 500) ;

        var whole = await ReplayAsync(journal, int.MaxValue);
        var loaded = await ReplayAsync(journal, PartEntries);

        Assert.Equal(5, (await Store.SnapshotsOf(journal).PartsAsync("gala")).Length);
        Assert.Equal(550, loaded.HeadSequence);
        Assert.Equal(
            (whole.Terms, whole.Available, whole.LastDecidedAt),
            (loaded.Terms, loaded.Available, loaded.LastDecidedAt));
        Assert.Equal(whole.Export(0, 1_000, Entries.Noon), loaded.Export(0, 1_000, Entries.Noon));
    }

    private static async Task<ReservationLedger> ReplayAsync(IReservationJournal journal, int snapshotEntries)
    {
        var gate = new ReplayGate();
        var options = new BoxOfficeOptions { SnapshotEntries = snapshotEntries };
        return await new EventReplay(
            "gala", journal, Store.SnapshotsOf(journal), gate, options, TimeProvider.System,
            NullLogger.Instance).RunAsync(default);
    }
}

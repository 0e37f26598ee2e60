using BoxOffice.Grains.Events;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Snapshots;
using BoxOffice.Grains.Tests.Ledger;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>
/// An event that is too large to read in one call is reconciled from its snapshot, and the answer says what was not
/// read.
/// </summary>
public sealed class ReconcilerTests
{
    private const string EventId = "gala";
    private const int PartEntries = 10;
    private const int WholeMax = 20;

    private readonly FaultyJournal _journal = new();
    private readonly RestingTime _time = new();

    [Fact]
    public async Task A_large_event_is_compared_with_its_snapshot_and_each_part_with_its_entries()
    {
        var owner = await SellAsync(45);
        await SnapshotAsync();

        var answer = await ReconcileAsync(owner);

        Assert.Equal(
            (0, 0, 0, 46, 0), (answer.Drift, answer.Gaps, answer.Duplicates, answer.HeadSequence, answer.Unread));
        Assert.Equal((45, 1), (answer.Reservations, answer.Members));
    }

    [Fact]
    public async Task Entries_that_were_not_read_for_lack_of_time_are_reported()
    {
        var owner = await SellAsync(45);
        await SnapshotAsync();
        _journal.Reading = () => _time.Pass(Reconciler.ReadingMax / 3); // the tail of the snapshot, the rest, one part

        var answer = await ReconcileAsync(owner);

        Assert.Equal((0, 0, 0, 30), (answer.Drift, answer.Gaps, answer.Duplicates, answer.Unread));
    }

    [Fact]
    public async Task A_missing_entry_beneath_a_snapshot_is_a_gap_and_drift_and_deletes_later_parts()
    {
        var owner = await SellAsync(45);
        await SnapshotAsync();
        _journal.Lose(EventId, 15);

        var answer = await ReconcileAsync(owner);

        Assert.Equal((1, 1), (answer.Drift, answer.Gaps));
        Assert.Equal([10], _journal.Snapshots.Of(EventId));
    }

    [Fact]
    public async Task An_owner_whose_numbers_differ_from_the_snapshot_and_the_rest_is_drift()
    {
        var owner = await SellAsync(45);
        await SnapshotAsync();

        var answer = await ReconcileAsync(
            owner with { Available = owner.Available - 2, Confirmed = owner.Confirmed + 2 });

        Assert.Equal(4, answer.Drift);
    }

    private Task<Reconciliation> ReconcileAsync(EventStatus owner) =>
        new Reconciler(_journal, _journal.Snapshots, EventId, _time).RunAsync(owner, WholeMax);

    private async Task<EventStatus> SellAsync(int count)
    {
        var ledger = new ReservationLedger();
        ledger.Open(new("Gala", 1_000, 1_000), "operator", Given.Noon);
        for (var i = 0; i < count; i++) ledger.Reserve(new ReserveRequest("ann", $"key{i}", 1), Given.Noon);
        await _journal.AppendAsync(EventId, JournalHead.None, ledger.TakeUncommitted(1_000));
        return ledger.Status(EventId, Given.Noon)!;
    }

    private async Task SnapshotAsync()
    {
        while (await SnapshotTaker.TakeNextAsync(_journal, _journal.Snapshots, EventId, 46, PartEntries) < 40) ;
    }
}

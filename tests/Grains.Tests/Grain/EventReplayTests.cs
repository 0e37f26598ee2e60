using BoxOffice.Grains.Events;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Snapshots;
using BoxOffice.Grains.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>
/// How an event is replayed: without a deadline, and from a snapshot only where the journal agrees with it.
/// </summary>
public sealed class EventReplayTests
{
    private const string EventId = "gala";
    private const int PartEntries = 10;

    private readonly FaultyJournal _journal = new();
    private readonly ReplayGate _gate = new();

    /// <summary>Ways in which a stored part can be wrong.</summary>
    public enum Damage
    {
        FlippedByte,
        CutOff,
        OtherEvent,
        OtherSequence,
        OtherFormat,
        OtherStart,
        OtherTail,
        OtherEnd,
    }

    /// <summary>Each damage, of the first, a middle and the last part.</summary>
    public static TheoryData<Damage, long> Damages =>
    [
        .. from damage in Enum.GetValues<Damage>()
           from sequence in new[] { 10L, 20L, 40L }
           select (damage, sequence),
    ];

    [Fact]
    public async Task A_replay_that_takes_longer_than_an_activation_may_continues_and_ends()
    {
        var limit = TimeSpan.FromSeconds(1);
        await AppendAsync(Sold(5));
        await using var cluster = await Cluster.StartAsync(_journal, activationTimeout: limit);
        _journal.HoldReads();

        var refused = await Assert.ThrowsAsync<NotAppliedException>(() => cluster.ReserveAsync("zoe"));
        await Task.Delay(3 * limit, TestContext.Current.CancellationToken); // Orleans would have ended it by now
        await Assert.ThrowsAsync<NotAppliedException>(() => cluster.Event.Status());
        _journal.Read();
        await UntilReplayedAsync(cluster);

        Assert.Contains("brought back", refused.Message, StringComparison.Ordinal);
        Assert.Equal(7, (await cluster.Event.Status())!.HeadSequence); // its own takeover
        Assert.Equal([(EventId, 0)], _journal.Reads); // nothing twice
    }

    [Fact]
    public async Task An_event_is_replayed_from_its_snapshot_and_the_rest_of_the_journal()
    {
        await AppendAsync(Sold(45));
        await SnapshotAsync();
        _journal.Reads.Clear();

        var ledger = await ReplayAsync();

        Assert.Equal((46, 45), (ledger.HeadSequence, ledger.Confirmed));
        Assert.Equal([10, 20, 30, 40], _journal.Snapshots.Of(EventId));
        Assert.Equal([(EventId, 30), (EventId, 40)], _journal.Reads); // the tail of the last part, and the rest
    }

    [Theory, MemberData(nameof(Damages))]
    public async Task A_part_that_is_damaged_is_deleted_and_the_journal_is_replayed_instead(
        Damage damage, long sequence)
    {
        await AppendAsync(Sold(45));
        await SnapshotAsync();
        _journal.Snapshots.Change(EventId, sequence, (part, bytes) => Damaged(damage, part, bytes));

        var ledger = await ReplayAsync();

        Assert.Equal((46, 45), (ledger.HeadSequence, ledger.Confirmed));
        Assert.All(_journal.Snapshots.Of(EventId), kept => Assert.True(kept < sequence));
    }

    [Fact]
    public async Task A_snapshot_of_a_journal_that_went_back_is_not_believed()
    {
        await AppendAsync(Sold(45));
        await SnapshotAsync();
        for (var sequence = 46; sequence > 15; sequence--) _journal.Lose(EventId, sequence);

        var ledger = await ReplayAsync();

        Assert.Equal((15, 14), (ledger.HeadSequence, ledger.Confirmed));
        Assert.Equal([10], _journal.Snapshots.Of(EventId));
    }

    [Fact]
    public async Task A_snapshot_of_a_journal_that_went_back_and_grew_again_is_not_believed()
    {
        await AppendAsync(Sold(45));
        await SnapshotAsync();
        for (var sequence = 46; sequence > 15; sequence--) _journal.Lose(EventId, sequence);
        await AppendAsync(Sold(45, buyer: "other").Skip(15));

        var ledger = await ReplayAsync();

        Assert.Equal((45, 31), (ledger.Confirmed, ledger.ReservationsOf("other", 1_000, Given.Noon).Length));
        Assert.Equal([10], _journal.Snapshots.Of(EventId));
    }

    [Fact]
    public async Task A_snapshot_is_not_continued_over_another_journal()
    {
        await AppendAsync(Sold(15));
        await SnapshotAsync();
        for (var sequence = 16; sequence > 0; sequence--) _journal.Lose(EventId, sequence);
        await AppendAsync(Sold(45, buyer: "other"));

        await SnapshotAsync();

        Assert.Equal([10, 20, 30, 40], _journal.Snapshots.Of(EventId));
        Assert.Equal(45, (await ReplayAsync()).ReservationsOf("other", 1_000, Given.Noon).Length);
    }

    [Fact]
    public async Task A_journal_with_a_gap_is_not_treated_as_a_shorter_one()
    {
        await AppendAsync(Sold(3));
        for (var sequence = 1; sequence < 4; sequence++) _journal.Lose(EventId, sequence);

        await Assert.ThrowsAsync<LedgerBrokenException>(ReplayAsync);
    }

    [Fact]
    public async Task An_unknown_id_reads_no_journal()
    {
        Assert.Null((await ReplayAsync()).Terms);
        Assert.Empty(_journal.Reads);
    }

    private static (SnapshotPart Part, byte[] Bytes) Damaged(Damage damage, SnapshotPart part, byte[] bytes) =>
        damage switch
        {
            Damage.FlippedByte => (part, [.. bytes[..20], (byte)(bytes[20] ^ 1), .. bytes[21..]]),
            Damage.CutOff => (part, bytes[..^1]),
            Damage.OtherEvent =>
                SnapshotTests.PartsOf([.. Sold(45, buyer: "other")], PartEntries)
                    [(int)(part.Sequence / PartEntries) - 1],
            Damage.OtherSequence => (part with { Sequence = part.Sequence + 1 }, bytes),
            Damage.OtherFormat => (part with { Format = SnapshotPart.FormatNow + 1 }, bytes),
            Damage.OtherStart => (part with { Start = part.Start ^ 1 }, bytes),
            Damage.OtherTail => (part with { Tail = part.Tail ^ 1 }, bytes),
            _ => (part with { End = part.End ^ 1 }, bytes),
        };

    /// <summary>An event of which one buyer has this many tickets.</summary>
    private static IEnumerable<JournalEntry> Sold(int count, string buyer = "member")
    {
        yield return new(1, EntryKind.Opened, Given.Noon, "operator", Terms: new("Gala", 1_000, 1_000));
        for (var i = 2; i < count + 2; i++) yield return new(i, EntryKind.Reserved, Given.Noon, buyer, $"key{i}", 1, i);
    }

    private async Task AppendAsync(IEnumerable<JournalEntry> entries) =>
        Assert.Equal(
            AppendStatus.Committed,
            await _journal.AppendAsync(EventId, await _journal.HeadAsync(EventId), [.. entries]));

    private async Task SnapshotAsync()
    {
        var head = (await _journal.HeadAsync(EventId)).Sequence;
        var (taken, before) = (0L, -1L);
        while (taken != before)
        {
            before = taken;
            taken = await SnapshotTaker.TakeNextAsync(_journal, _journal.Snapshots, EventId, head, PartEntries);
        }
    }

    private Task<ReservationLedger> ReplayAsync() =>
        new EventReplay(EventId, _journal, _journal.Snapshots, _gate,
            new() { SnapshotEntries = PartEntries }, TimeProvider.System, NullLogger.Instance).RunAsync(default);

    private static async Task UntilReplayedAsync(Cluster cluster)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                await cluster.Event.Status();
                return;
            }
            catch (NotAppliedException)
            {
                await Task.Delay(10, limit.Token);
            }
        }
    }
}

using BoxOffice.Grains.Events;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Members;
using BoxOffice.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Grains.Tests.Grain;

public sealed class MemberIndexScheduleTests : IDisposable
{
    private readonly FaultyJournal _journal = new();
    private readonly ReservationLedger _ledger = new();
    private readonly GroupCommit _head;
    private readonly MemberIndexer _indexer;
    private readonly MemberIndexSchedule _memberIndex;

    public MemberIndexScheduleTests()
    {
        _ledger.Open(new("Gala", Capacity: 100_000), "boss", Noon);
        _head = new("gala", _ledger, _journal, new(), new(), TimeProvider.System, NullLogger.Instance);
        _indexer = new(_journal, TimeProvider.System, NullLogger<MemberIndexer>.Instance);
        _memberIndex = new("gala", _head, _indexer);
    }

    [Fact]
    public async Task Members_of_a_quiet_event_are_indexed()
    {
        await SellAsync(10);
        var wasBehind = _memberIndex.IsBehind;

        _memberIndex.CatchUp();
        await _indexer.StartAsync(default);
        await Wait.UntilAsync("all is indexed", () => Task.FromResult(_journal.IndexedUpTo == 11));
        await _indexer.StopAsync(default);

        Assert.Equal((true, false), (wasBehind, _memberIndex.IsBehind));
    }

    [Fact]
    public async Task During_a_rush_members_are_not_indexed_and_after_it_they_are()
    {
        await SellAsync(2_000);
        _memberIndex.CatchUp();
        var isBehindInTheRush = _memberIndex.IsBehind;
        await SellAsync(10);
        _memberIndex.CatchUp();

        Assert.Equal((true, false), (isBehindInTheRush, _memberIndex.IsBehind));
    }

    [Fact]
    public async Task A_long_replay_is_no_rush()
    {
        await SellAsync(2_000);
        _memberIndex.Begin();

        _memberIndex.CatchUp();

        Assert.False(_memberIndex.IsBehind);
    }

    public void Dispose() => _indexer.Dispose();

    private async Task SellAsync(int count)
    {
        var first = _ledger.HeadSequence + 1;
        for (var i = 0; i < count; i++) _ledger.Reserve(new($"member{first + i}", null, 1), Noon);
        Assert.Equal(AppendStatus.Committed, await _head.WhenCertainAsync(first, count, isFinal: false));
    }
}

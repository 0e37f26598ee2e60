using BoxOffice.Grains.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Grains.Tests.Grain;

public sealed class MemberGatheringTests
{
    private readonly FaultyJournal _journal = new();
    private readonly ReservationLedger _ledger = new();
    private readonly DurableHead _head;
    private readonly MemberGathering _gathering;

    public MemberGatheringTests()
    {
        _ledger.Open(new("Gala", Capacity: 100_000), "boss", Noon);
        _head = new("gala", _ledger, _journal, new(), TimeProvider.System, NullLogger.Instance);
        _gathering = new("gala", _head, _journal, NullLogger.Instance);
    }

    [Fact]
    public async Task Members_of_a_quiet_event_are_gathered()
    {
        await SellAsync(10);

        Assert.True(_gathering.IsBehind);
        await _gathering.CatchUp();

        Assert.Equal(11, _journal.GatheredUpTo);
        Assert.False(_gathering.IsBehind);
    }

    [Fact]
    public async Task During_a_rush_nothing_is_gathered_and_after_it_everything()
    {
        await SellAsync(2_000);
        await _gathering.CatchUp();
        var duringTheRush = _journal.GatheredUpTo;
        await SellAsync(10);
        await _gathering.CatchUp();

        Assert.Equal((0, 2_011), (duringTheRush, _journal.GatheredUpTo));
    }

    [Fact]
    public async Task A_long_story_that_was_replayed_is_no_rush()
    {
        await SellAsync(2_000);
        _gathering.Begin();

        await _gathering.CatchUp();

        Assert.Equal(2_001, _journal.GatheredUpTo);
    }

    [Fact]
    public async Task What_could_not_be_gathered_is_gathered_another_time()
    {
        await SellAsync(10);
        _journal.CanRead = false;
        await _gathering.CatchUp();
        var isBehind = _gathering.IsBehind;
        _journal.CanRead = true;
        await _gathering.CatchUp();

        Assert.True(isBehind);
        Assert.Equal(11, _journal.GatheredUpTo);
    }

    [Fact]
    public async Task A_crowd_that_rehearses_is_never_gathered()
    {
        var gathering = new MemberGathering(Shadow.EventOf("r1"), _head, _journal, NullLogger.Instance);
        await SellAsync(10);

        Assert.False(gathering.IsBehind);
    }

    private async Task SellAsync(int count)
    {
        var first = _ledger.HeadSequence + 1;
        for (var i = 0; i < count; i++) _ledger.Reserve(new($"member{first + i}", null, 1), Noon);
        Assert.Equal(AppendStatus.Committed, await _head.Holds(first, count));
    }
}

using BoxOffice.Grains.Journal;
using BoxOffice.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Grains.Tests.Grain;

public sealed class MemberGatheringTests : IDisposable
{
    private readonly FaultyJournal _journal = new();
    private readonly ReservationLedger _ledger = new();
    private readonly DurableHead _head;
    private readonly MemberGatherer _gatherer;
    private readonly MemberGathering _gathering;

    public MemberGatheringTests()
    {
        _ledger.Open(new("Gala", Capacity: 100_000), "boss", Noon);
        _head = new("gala", _ledger, _journal, new(), new(), TimeProvider.System, NullLogger.Instance);
        _gatherer = new(_journal, TimeProvider.System, NullLogger<MemberGatherer>.Instance);
        _gathering = new("gala", _head, _gatherer);
    }

    [Fact]
    public async Task Members_of_a_quiet_event_are_noted()
    {
        await SellAsync(10);
        var wasBehind = _gathering.IsBehind;

        _gathering.CatchUp();
        await _gatherer.StartAsync(default);
        await Wait.UntilAsync("all is noted", () => Task.FromResult(_journal.GatheredUpTo == 11));
        await _gatherer.StopAsync(default);

        Assert.Equal((true, false), (wasBehind, _gathering.IsBehind));
    }

    [Fact]
    public async Task During_a_rush_members_are_not_noted_and_after_it_they_are()
    {
        await SellAsync(2_000);
        _gathering.CatchUp();
        var isBehindInTheRush = _gathering.IsBehind;
        await SellAsync(10);
        _gathering.CatchUp();

        Assert.Equal((true, false), (isBehindInTheRush, _gathering.IsBehind));
    }

    [Fact]
    public async Task A_long_story_that_was_replayed_is_no_rush()
    {
        await SellAsync(2_000);
        _gathering.Begin();

        _gathering.CatchUp();

        Assert.False(_gathering.IsBehind);
    }

    [Fact]
    public async Task A_crowd_that_rehearses_is_never_noted()
    {
        var gathering = new MemberGathering(Shadow.EventOf("r1"), _head, _gatherer);
        await SellAsync(10);

        Assert.False(gathering.IsBehind);
    }

    public void Dispose() => _gatherer.Dispose();

    private async Task SellAsync(int count)
    {
        var first = _ledger.HeadSequence + 1;
        for (var i = 0; i < count; i++) _ledger.Reserve(new($"member{first + i}", null, 1), Noon);
        Assert.Equal(AppendStatus.Committed, await _head.WhenCertain(first, count, isForGood: false));
    }
}

using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// Events with one buyer each, beside the crowd's. Nobody else calls them, so what their owner remembers stays as it is:
/// an owner that is ahead of its journal lives until the next call.
/// </summary>
internal sealed class QuietEvents : IDisposable
{
    private const int Count = 6; // so many that a silo has some and some of the crowd's, who notice first that connections broke
    private const string KeyInDoubt = "in-doubt";
    private const string KeyLost = "lost";
    private const string KeyOfOther = "other";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Night _night;
    private readonly RecordingClient _client;
    private readonly string _operatorToken;
    private readonly List<QuietEvent> _events = [];
    private int _keys;

    private QuietEvents(Night night, string operatorToken) =>
        (_night, _client, _operatorToken) = (night, new(night.History), operatorToken);

    /// <summary>Opens them, and each sells.</summary>
    public static async Task<QuietEvents> OpenAsync(Night night)
    {
        var urls = night.Cluster.Urls;
        var quiet = new QuietEvents(night, (await Client.OperatorAsync(urls[0])).Token!);
        for (var i = 0; i < Count; i++)
        {
            quiet._events.Add(new(await night.OpenEventAsync($"quiet-{i + 1}"), night.Theatre.Buyers[i], urls[i % urls.Count],
                OtherComesFirst: i % 2 == 1));
        }
        await quiet.SellAsync();
        return quiet;
    }

    /// <summary>Each buyer buys and is never told that it has; each row is on the primary, and not on the standby.</summary>
    public Task BuyInDoubtAsync() => EachAsync(async one =>
    {
        await Wait.UntilAsync($"the purchase of {one.Id} is on the primary alone", async () =>
        {
            var told = await ReserveAsync(one, KeyInDoubt);
            Assert.False(told.IsOk, $"was told although the standby is away: {told}");
            return await IsOnAsync(_night.Theatre.Pair!.Primary, one.Id, KeyInDoubt);
        }, Patience);
        Assert.False(await IsOnAsync(_night.Theatre.Pair!.Standby, one.Id, KeyInDoubt), $"the standby has {one.Id}");
    });

    /// <summary>Each event sells what the database is about to lose.</summary>
    public Task SellInVainAsync() => EachAsync(one => UntilSoldAsync(one, KeyLost));

    /// <summary>Fails when a server has what it was to lose.</summary>
    public Task AssertLostAsync(PostgresServer server) => EachAsync(async one =>
        Assert.False(await IsOnAsync(server, one.Id, KeyLost), $"nothing of {one.Id} was lost"));

    /// <summary>Each event is looked at in every way, until somebody answers or says that nobody can.</summary>
    public Task LookAsync() => EachAsync(one => Task.WhenAll(
        _client.StatusAsync(one.FrontEnd, one.Id),
        _client.MineAsync(one.FrontEnd, one.Buyer, one.Id),
        _client.ExportAsync(one.FrontEnd, _operatorToken, one.Id)));

    /// <summary>
    /// Each buyer repeats what was left in doubt, with its key, until it is told; of every other event somebody else buys
    /// first, so that a reservation which was shown and lost is not made again as it was.
    /// </summary>
    public Task RepeatAsync() => EachAsync(async one =>
    {
        if (one.OtherComesFirst) await UntilSoldAsync(one with { Buyer = _night.Theatre.Buyers[Count] }, KeyOfOther);
        await UntilSoldAsync(one, KeyInDoubt);
    });

    /// <summary>Each event sells.</summary>
    public Task SellAsync()
    {
        var key = $"quiet-{Interlocked.Increment(ref _keys)}";
        return EachAsync(one => UntilSoldAsync(one, key));
    }

    public void Dispose() => _client.Dispose();

    private Task UntilSoldAsync(QuietEvent one, string key) =>
        Wait.UntilAsync($"{one.Id} sells", async () =>
        {
            if ((await ReserveAsync(one, key)).IsOk) return true;
            await Task.Delay(Pause);
            return false;
        }, Patience);

    private Task<Operation> ReserveAsync(QuietEvent one, string key) =>
        _client.ReserveAsync(one.FrontEnd, one.Buyer, one.Id, key);

    private async Task<bool> IsOnAsync(PostgresServer server, string eventId, string key)
    {
        var journal = await StoredJournal.ReadAsync(_night.Theatre.DatabaseAt(server) + ";Pooling=false", eventId);
        return journal.Entries.Any(entry => entry.Key == key);
    }

    private Task EachAsync(Func<QuietEvent, Task> actAsync) => Task.WhenAll(_events.Select(actAsync));

    private sealed record QuietEvent(string Id, Buyer Buyer, Uri FrontEnd, bool OtherComesFirst);
}

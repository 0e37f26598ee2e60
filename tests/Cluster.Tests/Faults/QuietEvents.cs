using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// Events with one buyer each, beside the crowd's. No other call reaches them, so their owners keep their state: an
/// owner that is ahead of its journal lives until the next call.
/// </summary>
internal sealed class QuietEvents : IDisposable
{
    // so many that a silo owns some beside events of the crowd, which notice broken connections first
    private const int Count = 6;
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

    /// <summary>Opens the events, and sells a ticket of each.</summary>
    public static async Task<QuietEvents> OpenAsync(Night night)
    {
        var urls = night.Cluster.Urls;
        var quiet = new QuietEvents(night, (await Client.OperatorAsync(urls[0])).Token!);
        for (var i = 0; i < Count; i++)
        {
            var id = await night.OpenEventAsync($"quiet-{i + 1}");
            quiet._events.Add(new(id, night.Setup.Buyers[i], urls[i % urls.Count], OtherComesFirst: i % 2 == 1));
        }
        await quiet.SellAsync();
        return quiet;
    }

    /// <summary>
    /// Each buyer buys without getting an answer. Each row is on the primary, and not on the standby.
    /// </summary>
    public Task BuyInDoubtAsync() => EachAsync(async quiet =>
    {
        await Wait.UntilAsync($"the purchase of {quiet.Id} is on the primary alone", async () =>
        {
            var told = await ReserveAsync(quiet, KeyInDoubt);
            Assert.False(told.IsOk, $"was told although the standby is away: {told}");
            return await IsOnAsync(_night.Setup.Pair!.Primary, quiet.Id, KeyInDoubt);
        }, Patience);
        Assert.False(await IsOnAsync(_night.Setup.Pair!.Standby, quiet.Id, KeyInDoubt), $"the standby has {quiet.Id}");
    });

    /// <summary>Sells a ticket of each event, which the database is about to lose.</summary>
    public Task SellBeforeLossAsync() => EachAsync(quiet => UntilSoldAsync(quiet, KeyLost));

    /// <summary>Fails when a server still has a sale that it should have lost.</summary>
    public Task AssertLostAsync(PostgresServer server) => EachAsync(async quiet =>
        Assert.False(await IsOnAsync(server, quiet.Id, KeyLost), $"nothing of {quiet.Id} was lost"));

    /// <summary>Reads each event in every way, and waits for the answers or failures.</summary>
    public Task ReadAsync() => EachAsync(quiet => Task.WhenAll(
        _client.StatusAsync(quiet.FrontEnd, quiet.Id),
        _client.MineAsync(quiet.FrontEnd, quiet.Buyer, quiet.Id),
        _client.ExportAsync(quiet.FrontEnd, _operatorToken, quiet.Id)));

    /// <summary>
    /// Each buyer retries its unanswered purchase with its key until it is accepted. In every second event another
    /// buyer buys first, so that a reservation which was shown and lost does not return unchanged.
    /// </summary>
    public Task RepeatAsync() => EachAsync(async quiet =>
    {
        if (quiet.OtherComesFirst) await UntilSoldAsync(quiet with { Buyer = _night.Setup.Buyers[Count] }, KeyOfOther);
        await UntilSoldAsync(quiet, KeyInDoubt);
    });

    /// <summary>Sells a ticket of each event.</summary>
    public Task SellAsync()
    {
        var key = $"quiet-{Interlocked.Increment(ref _keys)}";
        return EachAsync(quiet => UntilSoldAsync(quiet, key));
    }

    public void Dispose() => _client.Dispose();

    private Task UntilSoldAsync(QuietEvent quiet, string key) =>
        Wait.UntilAsync($"{quiet.Id} sells", async () =>
        {
            if ((await ReserveAsync(quiet, key)).IsOk) return true;
            await Task.Delay(Pause);
            return false;
        }, Patience);

    private Task<Operation> ReserveAsync(QuietEvent quiet, string key) =>
        _client.ReserveAsync(quiet.FrontEnd, quiet.Buyer, quiet.Id, key);

    private async Task<bool> IsOnAsync(PostgresServer server, string eventId, string key)
    {
        var journal = await StoredJournal.ReadAsync(_night.Setup.DatabaseAt(server) + ";Pooling=false", eventId);
        return journal.Entries.Any(entry => entry.Key == key);
    }

    private Task EachAsync(Func<QuietEvent, Task> actAsync) => Task.WhenAll(_events.Select(actAsync));

    private sealed record QuietEvent(string Id, Buyer Buyer, Uri FrontEnd, bool OtherComesFirst);
}

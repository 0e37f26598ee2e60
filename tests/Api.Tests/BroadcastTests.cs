using BoxOffice.Api.Live;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Tests;

public sealed class BroadcastTests
{
    private static readonly IOptions<ApiOptions> Settings =
        Options.Create(new ApiOptions { StreamListenersMax = 2_000, StreamPeriod = TimeSpan.FromMilliseconds(50) });

    private readonly LedgerEvent _event = new(TimeProvider.System);
    private readonly Broadcasts _broadcasts;

    public BroadcastTests() =>
        _broadcasts = new(FrontEnd.Over(_event, Settings.Value).Retry, Settings, new Host(), TimeProvider.System);

    [Fact]
    public async Task A_thousand_listeners_cost_one_poll_of_the_event()
    {
        await _event.Open(new("Gala", 10), "boss");
        var listeners = Enumerable.Range(0, 1_000).Select(_ => _broadcasts.Join("gala")).ToList();

        var frames = await Task.WhenAll(listeners.Select(listener => listener.NextAsync(null, default).AsTask()));

        Assert.Single(frames.Distinct());
        Assert.InRange(_event.StatusCalls, 1, 100); // one, and those of the time that this test took
        Assert.Equal((1, 1_000), (_broadcasts.EventCount, _broadcasts.ListenerCount));
    }

    [Fact]
    public async Task An_event_without_listeners_takes_no_memory()
    {
        await _event.Open(new("Gala", 10), "boss");
        var listener = _broadcasts.Join("gala");
        await listener.NextAsync(null, default);

        _broadcasts.Leave(listener);
        await Testing.Wait.UntilAsync("it ends", () => Task.FromResult(_broadcasts.EventCount == 0));
        var next = _broadcasts.Join("gala");

        Assert.NotSame(listener, next);
        Assert.NotNull(await next.NextAsync(null, default));
        Assert.Equal(1, _broadcasts.ListenerCount);
    }

    [Fact]
    public async Task A_listener_that_comes_back_at_once_does_not_add_a_poll()
    {
        const int Returns = 100;
        await _event.Open(new("Gala", 10), "boss");
        for (var i = 0; i < Returns; i++) _broadcasts.Leave(_broadcasts.Join("gala"));
        var listener = _broadcasts.Join("gala");

        await listener.NextAsync(null, default);

        Assert.Equal(1, _broadcasts.EventCount);
        Assert.InRange(_event.StatusCalls, 1, Returns / 10); // one, and those of the time that this test took
    }

    [Fact]
    public async Task A_listener_that_missed_several_changes_gets_the_latest_only()
    {
        await _event.Open(new("Gala", 10), "boss");
        var (slow, quick) = (_broadcasts.Join("gala"), _broadcasts.Join("gala"));
        var seen = (await slow.NextAsync(null, default))!.Id;
        var last = seen;
        for (var i = 0; i < 3; i++)
        {
            await _event.Reserve([new($"member{i}", null, 1)], DateTimeOffset.MaxValue);
            last = (await quick.NextAsync(last, default))!.Id;
        }

        Assert.Equal(last, (await slow.NextAsync(seen, default))!.Id);
    }

    [Fact]
    public async Task When_the_event_cannot_be_reached_the_stream_ends_with_the_failure()
    {
        await _event.Open(new("Gala", 10), "boss");
        var listener = _broadcasts.Join("gala");
        var seen = (await listener.NextAsync(null, default))!.Id;

        _event.Failure = new BusyException("too much");
        var end = await listener.NextAsync(seen, default);

        Assert.Null(end);
        Assert.IsType<BusyException>(listener.Failure);
    }

    private sealed class Host : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() { }
    }
}

using System.Diagnostics;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Api.Tests;

/// <summary>Which events share a message.</summary>
public sealed class BatchJoiningTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly FakeTime _time = new();
    private readonly FakeSilo _silo;

    public BatchJoiningTests() => _silo = new(_time);

    [Fact]
    public async Task Events_of_one_silo_are_asked_together_as_soon_as_it_is_known_that_it_owns_them()
    {
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "a", "b", "c"); // one by one: their owners are not known yet
        _silo.HoldAll();

        var answers = new[] { "a", "b", "c" }.Select(id => AskAsync(coalescer, id)).ToList();
        _silo.ReleaseAll();
        await Task.WhenAll(answers);

        Assert.Equal(["a:1", "b:1", "c:1", "a:1", "b:1 c:1"], _silo.Messages);
    }

    [Fact]
    public async Task An_event_for_which_calls_always_wait_joins_the_others_as_soon_as_it_is_known_where_it_is()
    {
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "gala", "opera");

        // Not each time: it must come while a message is under way, which is short.
        await Testing.Wait.UntilAsync("it is in a message with another", async () =>
        {
            var hot = $"hot-{_silo.Messages.Length}"; // its owner is not known yet
            _silo.HoldAll();
            var asked = new[] { hot, hot, "gala", "opera" }.Select(id => AskAsync(coalescer, id)).ToList();
            _silo.Release(hot);
            await asked[0];
            _silo.ReleaseAll();
            await Task.WhenAll(asked);
            return _silo.Messages.Contains($"opera:1 {hot}:1");
        });
    }

    [Fact]
    public async Task A_slow_event_gets_its_own_messages_and_delays_no_other()
    {
        _silo.Slow = "slow";
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "gala", "slow");
        _silo.HoldAll();

        var asked = new[] { "slow", "slow", "gala" }.Select(id => AskAsync(coalescer, id)).ToList();

        Assert.Equal(["slow:1", "gala:1"], _silo.Messages[^2..]); // at once
        _silo.ReleaseAll();
        await Task.WhenAll(asked);
    }

    [Theory]
    [InlineData("made-up")]
    [InlineData("rehearsal~1")]
    public async Task Unknown_events_and_rehearsals_get_their_own_messages(string eventId)
    {
        _silo.Unknown = "made-up";
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "gala", eventId);
        _silo.HoldAll();

        var gala = AskAsync(coalescer, "gala"); // a message is under way
        var other = AskAsync(coalescer, eventId);
        _silo.Release(eventId);

        await other;
        Assert.False(gala.IsCompleted);
        _silo.ReleaseAll();
        await gala;
    }

    [Fact]
    public async Task A_call_whose_trace_is_kept_goes_by_itself_so_that_its_trace_goes_on_in_the_silo()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Tracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource(Tracing.SourceName);
        var coalescer = Coalescer();
        _silo.ReleaseAll();
        await AskAsync(coalescer, "a", "b", "c");
        _silo.HoldAll();

        var others = new[] { "a", "b" }.Select(id => AskAsync(coalescer, id)).ToList();
        using (source.StartActivity("request")) others.Add(AskAsync(coalescer, "c"));
        _silo.ReleaseAll();
        await Task.WhenAll(others);

        Assert.Equal(["a:1", "b:1", "c:1"], _silo.Messages[^3..].Order());
    }

    [Fact]
    public async Task Every_call_gets_its_own_answer_while_many_events_share_messages()
    {
        const int Events = 20, CallsEach = 500;
        _silo.ReleaseAll();
        var coalescer = Coalescer(callsMax: 7);

        await Task.WhenAll(Enumerable.Range(0, 3 * Events).Select(async buyer =>
        {
            await Task.Yield();
            for (var i = 1; i <= CallsEach; i++)
            {
                var decided = await coalescer.ReserveAsync($"event{buyer % Events}", new("ann", null, i));
                Assert.Equal(i, decided.Answer.Reservation!.Value.Quantity);
            }
        })).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(3 * Events * CallsEach, _silo.CallCount);
        Assert.Contains(_silo.Messages, message => message.Contains(' ', StringComparison.Ordinal)); // they did
        await Testing.Wait.UntilAsync("all queues have ended", () => Task.FromResult(coalescer.EventCount == 0));
    }

    private ReserveCoalescer Coalescer(int callsMax = 100) =>
        Owning(new ApiOptions { CoalescerBatchMax = callsMax }).Coalescer;

    private static async Task AskAsync(ReserveCoalescer coalescer, params string[] eventIds)
    {
        foreach (var id in eventIds) await coalescer.ReserveAsync(id, new("ann", null, 1)).WaitAsync(Soon);
    }

    /// <summary>A front-end that knows that its silo owns these events.</summary>
    private FrontEnd Owning(ApiOptions options, params string[] eventIds)
    {
        var frontEnd = FrontEnd.Over(new SiloConnection(FakeSilo.Gateway, _silo.Grains, _silo), options, _time);
        foreach (var id in eventIds) frontEnd.Router.Learn(id, FakeSilo.Gateway);
        return frontEnd;
    }
}

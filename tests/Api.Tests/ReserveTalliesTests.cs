using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using BoxOffice.Api.Reserving;
using BoxOffice.Api.Routing;
using BoxOffice.Api.Telemetry;
using BoxOffice.Api.Timing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxOffice.Api.Tests;

public sealed class ReserveTalliesTests : IDisposable
{
    private static readonly DecidedCall Sold = new(new(ReserveStatus.Reserved));

    private readonly ConcurrentDictionary<string, FakeTally> _reported = new();
    private readonly FakeTime _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ApiMetrics _metrics;
    private readonly ReserveTallies _tallies;

    public ReserveTalliesTests()
    {
        var router = new Router(new SiloConnection("", new FakeGrains(id => _reported.GetOrAdd(id, _ => new()))));
        _metrics = new(_services.GetRequiredService<IMeterFactory>());
        _tallies = new(router, _metrics, _time, NullLogger<ReserveTallies>.Instance);
    }

    public void Dispose()
    {
        _tallies.Dispose();
        _metrics.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task With_more_events_than_the_limit_the_least_recently_used_goes_and_is_reported()
    {
        await _tallies.StartAsync(default);
        Count("idle");
        for (var i = 0; i < ReserveTallies.EventsMax; i++)
        {
            Count($"event-{i}");
            if (i % 100 == 0) Count("gala");
        }

        await _tallies.ReportAsync("gala");
        await _time.PassAsync(TimeSpan.FromSeconds(2));

        var gala = Assert.Single(_reported["gala"].Sources);
        Assert.Equal(ReserveTallies.EventsMax / 100, gala.Value.Codes["RESERVED"]);
        Assert.Equal(1, Assert.Single(_reported["idle"].Sources).Value.Codes["RESERVED"]);
        _reported["idle"].Sources.Clear();
        await _tallies.ReportAsync("idle");
        Assert.Empty(_reported["idle"].Sources); // it was evicted
    }

    [Fact]
    public async Task An_event_that_is_not_known_to_exist_is_not_kept()
    {
        _tallies.Count("made-up", "EVENT_NOT_FOUND", default, new DecidedCall(new(ReserveStatus.EventNotFound)));
        _tallies.Count("unanswered", "BUSY", default, null);

        await _tallies.ReportAsync("made-up");
        await _tallies.ReportAsync("unanswered");

        Assert.Empty(_reported);
    }

    private void Count(string eventId) => _tallies.Count(eventId, "RESERVED", new(1, 0, 0, 0, 1), Sold);

    /// <summary>Has the latest report of each source.</summary>
    private sealed class FakeTally : IReserveTallyGrain
    {
        public ConcurrentDictionary<string, ReserveTally> Sources { get; } = new();

        public Task Report(string source, ReserveTally tally)
        {
            Sources[source] = tally;
            return Task.CompletedTask;
        }

        public Task<ReserveReport> Read() => throw new NotSupportedException();
    }
}

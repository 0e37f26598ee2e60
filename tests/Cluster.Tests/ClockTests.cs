using System.Net;
using BoxOffice.Cluster.Tests.Faults;
using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests;

/// <summary>
/// Clocks that are set during a sale: the machine's of an embedded server, the database's of a cluster. The test
/// measures time by its own clock, which stays right.
/// </summary>
[Collection<Nights>] // measures the length of holds: other tests would delay them
public sealed class ClockTests
{
    [Fact]
    public async Task A_clock_that_is_an_hour_ahead_for_some_seconds_ends_no_hold_and_makes_none_longer()
    {
        using var clock = new FakeClock();
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(clock.Settings);
        var sale = await ClockSale.OpenAsync(host.Url);
        var hold = await sale.HoldForLongAsync();

        clock.Set(TimeSpan.FromHours(1));
        await sale.ToldAsync(3_600);
        await sale.HoldEndsInTimeAsync();
        clock.Set(TimeSpan.Zero);
        await sale.ToldAsync(null);
        await sale.HoldEndsInTimeAsync();

        Assert.Equal(HttpStatusCode.OK, (await sale.ConfirmAsync(hold)).Status);
        Assert.Equal(2, Lines(host.Api.Output, "The clock that sales depend on"));
    }

    [Fact]
    public async Task Every_promise_is_kept_when_the_clock_beneath_an_embedded_sale_is_set()
    {
        using var clock = new FakeClock();
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(clock.Settings);
        var admin = await Client.OperatorAsync(host.Url);
        await admin.PostAsync(
            "/admin/events", new { id = "gala", name = "Gala", capacity = 200, maxPerMember = 4, holdSeconds = 2 });
        await admin.PostAsync("/admin/events",
            new { id = "late", name = "Late", capacity = 1_000_000, maxPerMember = 1_000_000, holdSeconds = 3 });
        var buyers = await Buyer.IssueAsync(admin, "member", 640);
        await using var crowd = Workload.Start(
            () => [host.Url], buyers, new() { EventIds = ["gala", "late"], Clients = 32 });

        await crowd.DecidedAsync(500);
        foreach (var seconds in (double[])[3_600, -86_400])
        {
            clock.Set(TimeSpan.FromSeconds(seconds));
            await ToldAsync(seconds);
            await Task.WhenAll(crowd.DecidedAsync(500), Task.Delay(TimeSpan.FromSeconds(3.5))); // holds end meanwhile
            clock.Set(TimeSpan.Zero);
            await ToldAsync(0);
        }
        await crowd.StopAsync();

        await host.StopAsync();

        var journals = await Task.WhenAll(
            new[] { "gala", "late" }.Select(id => StoredJournal.ReadStoreAsync(host.StoreDirectory!, id)));
        var verdict = Audit.Check(crowd.History, journals);
        verdict.ThrowIfBroken();
        Assert.True(verdict.Counts.Ok > 500, $"too few calls were accepted: {verdict}");

        Task ToldAsync(double seconds) => Wait.UntilAsync($"health reports a step of {seconds} s", async () =>
        {
            var health = (await new Client(host.Url).GetAsync("/health")).Data;
            var error = health.TryGetProperty("clockErrorSeconds", out var told) ? told.GetDouble() : 0;
            return Math.Abs(error - seconds) < 1;
        });
    }

    [Fact]
    public async Task A_journal_with_times_of_a_wrong_clock_sells_with_holds_of_the_right_length_and_reports_it()
    {
        using var clock = new FakeClock();
        clock.Set(TimeSpan.FromHours(1));
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(clock.Settings);
        await ClockSale.OpenAsync(host.Url);
        await host.StopAsync();
        clock.Set(TimeSpan.Zero);
        await host.StartAsync();
        var sale = await ClockSale.OpenAsync(host.Url);

        await sale.HoldEndsInTimeAsync();
        await sale.HoldEndsInTimeAsync();

        var status = (await new Client(host.Url).GetAsync($"/ticket/events/{ClockSale.Quick}")).Data;
        Assert.InRange(status.GetProperty("clockAheadSeconds").GetDouble(), 3_500, 3_600);
        Assert.Equal(1, Lines(host.Api.Output, $"The journal of event {ClockSale.Quick} ends"));
        var health = (await new Client(host.Url).GetAsync("/health")).Data;
        Assert.False(health.TryGetProperty("clockErrorSeconds", out _));
        Assert.InRange(health.GetProperty("clockAheadSeconds").GetDouble(), 3_500, 3_600);
        Assert.Equal(1, Lines(host.Api.Output, "after the time of this machine's clock"));
    }

    [Theory, InlineData(3_600), InlineData(-60)]
    public async Task A_step_of_the_databases_clock_ends_no_hold_under_any_owner(int seconds)
    {
        using var clock = new FakeClock();
        await using var server = await PostgresServer.StartNewAsync(clock);
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await server.CreateDatabaseAsync(), new(Silos: 3, FrontEnds: 1));
        var sale = await ClockSale.OpenAsync(cluster.Urls[0]);
        var hold = await sale.HoldForLongAsync();

        clock.Set(TimeSpan.FromSeconds(seconds));
        await sale.ToldAsync(seconds);
        await sale.HoldEndsInTimeAsync();
        var killed = (await cluster.OwnersOfAsync(ClockSale.Long))[ClockSale.Long];
        await cluster.Silos[killed].KillAsync(); // the next owner has its own clock
        await cluster.StartMissingAsync(); // a starting silo has only the database's clock, unless it asks the others
        var opened = new Dictionary<string, HttpStatusCode>();
        await Wait.UntilAsync("the silo that started owns an event", async () =>
        {
            var name = $"during-{opened.Count}";
            opened.Add(name, await sale.SellsAsync(name));
            return (await cluster.OwnersOfAsync(name))[name] == killed;
        }, TimeSpan.FromSeconds(60));
        await sale.HoldEndsInTimeAsync();
        var confirmed = await sale.ConfirmAsync(hold);
        clock.Set(TimeSpan.Zero);
        await sale.ToldAsync(null);
        await sale.HoldEndsInTimeAsync();

        Assert.All(opened.Values, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(HttpStatusCode.OK, confirmed.Status);
    }

    private static int Lines(string output, string text) =>
        output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}

using System.Diagnostics;
using System.Net;
using BoxOffice.Cluster.Tests.Faults;
using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests;

/// <summary>
/// Somebody sets the clock in the middle of a sale: the machine's of an embedded box office, the database's of a cluster. Time is measured by
/// the test's own clock, which nobody set.
/// </summary>
[Collection<Nights>] // what is measured is the length of holds, and not a busy machine
public sealed class ClockTests
{
    private static readonly TimeSpan HoldLateMax = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_clock_that_is_an_hour_ahead_for_some_seconds_ends_no_hold_and_makes_none_longer()
    {
        using var clock = new FakeClock();
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(clock.Settings);
        var sale = await Sale.OpenAsync(host.Url);
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
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 200, maxPerMember = 4, holdSeconds = 2 });
        await boss.PostAsync("/admin/events", new { id = "late", name = "Late", capacity = 1_000_000, maxPerMember = 1_000_000, holdSeconds = 3 });
        var buyers = await Buyer.IssueAsync(boss, "member", 640);
        await using var crowd = Workload.Start(() => [host.Url], buyers, new() { EventIds = ["gala", "late"], Visitors = 32 });

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

        var journals = await Task.WhenAll(new[] { "gala", "late" }.Select(id => StoredJournal.ReadStoreAsync(host.StoreDirectory!, id)));
        var verdict = Audit.Check(crowd.History, journals);
        verdict.ThrowIfBroken();
        Assert.True(verdict.Counts.Ok > 500, $"hardly anything was sold: {verdict}");

        Task ToldAsync(double seconds) => Wait.UntilAsync($"health tells a step of {seconds} s", async () =>
        {
            var health = (await new Client(host.Url).GetAsync("/health")).Data;
            return Math.Abs((health.TryGetProperty("clockErrorSeconds", out var told) ? told.GetDouble() : 0) - seconds) < 1;
        });
    }

    [Fact]
    public async Task After_a_clock_was_half_an_hour_ahead_for_a_minute_events_and_members_are_activated()
    {
        using var clock = new FakeClock();
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(clock.Settings);
        var sale = await Sale.OpenAsync(host.Url);

        clock.Set(TimeSpan.FromMinutes(30));
        await Task.Delay(TimeSpan.FromSeconds(65)); // Orleans looks for idle grains once a minute: it must have looked at the wrong time
        clock.Set(TimeSpan.Zero);
        await sale.ToldAsync(null);
        var opened = await sale.Boss.PostAsync("/admin/events", new { id = "after", name = "After", capacity = 1 });
        var signedUp = await new Client(host.Url).PostAsync("/member/signup", new { id = "zoe", password = "a long enough password" });
        var sold = await sale.Members[0].ReserveAsync("after", key: "k");

        Assert.Equal(HttpStatusCode.Created, opened.Status);
        Assert.Equal(HttpStatusCode.Created, signedUp.Status);
        Assert.Equal(HttpStatusCode.OK, sold.Status);
    }

    [Fact]
    public async Task A_journal_that_a_wrong_clock_wrote_is_sold_from_with_holds_of_the_right_length_and_says_so()
    {
        using var clock = new FakeClock();
        clock.Set(TimeSpan.FromHours(1));
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(clock.Settings);
        await Sale.OpenAsync(host.Url);
        await host.StopAsync();
        clock.Set(TimeSpan.Zero);
        await host.StartAsync();
        var sale = await Sale.OpenAsync(host.Url);

        await sale.HoldEndsInTimeAsync();
        await sale.HoldEndsInTimeAsync();

        var status = (await new Client(host.Url).GetAsync($"/ticket/events/{Sale.Quick}")).Data;
        Assert.InRange(status.GetProperty("clockAheadSeconds").GetDouble(), 3_500, 3_600);
        Assert.Equal(1, Lines(host.Api.Output, $"The journal of event {Sale.Quick} ends"));
        var health = (await new Client(host.Url).GetAsync("/health")).Data;
        Assert.False(health.TryGetProperty("clockErrorSeconds", out _));
        Assert.InRange(health.GetProperty("clockAheadSeconds").GetDouble(), 3_500, 3_600);
        Assert.Equal(1, Lines(host.Api.Output, "after the time of this machine's clock"));
    }

    [Theory, InlineData(3_600), InlineData(-60)]
    public async Task A_step_of_the_databases_clock_ends_no_hold_whoever_owns_the_event(int seconds)
    {
        using var clock = new FakeClock();
        await using var server = await PostgresServer.StartNewAsync(clock);
        await using var cluster = await BoxOfficeCluster.StartAsync(await server.CreateDatabaseAsync(), new(Silos: 3, FrontEnds: 1));
        var sale = await Sale.OpenAsync(cluster.Urls[0]);
        var hold = await sale.HoldForLongAsync();

        clock.Set(TimeSpan.FromSeconds(seconds));
        await sale.ToldAsync(seconds);
        await sale.HoldEndsInTimeAsync();
        var killed = (await cluster.OwnersOfAsync(Sale.Long))[Sale.Long];
        await cluster.Silos[killed].KillAsync(); // who owns it next has its own clock
        await cluster.StartMissingAsync(); // and a silo that starts has only the database's, unless it asks the others
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

    [Theory, InlineData(86_400), InlineData(-86_400)]
    public async Task A_silo_whose_clock_is_a_day_wrong_is_no_dead_one_and_neither_is_the_one_that_follows_it(int seconds)
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var cluster = await BoxOfficeCluster.StartAsync(await server.CreateDatabaseAsync(), new(Silos: 2, FrontEnds: 1, HasClocks: true));
        var boss = await Client.OperatorAsync(cluster.Urls[0]);
        var silo = cluster.Silos[1];

        await silo.KillAsync();
        silo.Clock!.Set(TimeSpan.FromSeconds(seconds));
        await silo.StartAsync();
        await silo.KillAsync();
        silo.Clock.Set(TimeSpan.Zero);
        await silo.StartAsync();

        await Wait.UntilAsync("it owns an event", async () =>
        {
            var name = $"at-{Guid.NewGuid():N}";
            await boss.PostAsync("/admin/events", new { id = name, name, capacity = 1 });
            return (await cluster.OwnersOfAsync(name))[name] == 1;
        }, TimeSpan.FromSeconds(60));
    }

    private static int Lines(string output, string text) => output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>An event with holds of ten minutes, and one with one ticket and holds of two seconds.</summary>
    private sealed record Sale(Uri Url, Client Boss, Client[] Members)
    {
        public const string Long = "long";
        public const string Quick = "quick";

        private static readonly TimeSpan QuickHold = TimeSpan.FromSeconds(2);

        public static async Task<Sale> OpenAsync(Uri url)
        {
            var boss = await Client.OperatorAsync(url);
            await boss.PostAsync("/admin/events", new { id = Long, name = "Long", capacity = 1, holdSeconds = 600 });
            await boss.PostAsync("/admin/events", new { id = Quick, name = "Quick", capacity = 1, maxPerMember = 1_000, holdSeconds = QuickHold.TotalSeconds });
            return new(url, boss, await boss.MembersAsync("member", 2));
        }

        public async Task<string> HoldForLongAsync() => (await Members[0].ReserveAsync(Long, key: "k")).Data.GetProperty("reservationId").GetString()!;

        public Task<Reply> ConfirmAsync(string hold) => Members[0].PostAsync($"/ticket/reservations/{hold}/confirm");

        public async Task<HttpStatusCode> SellsAsync(string eventId)
        {
            await Wait.UntilAsync($"{eventId} is open", async () =>
            {
                await Boss.PostAsync("/admin/events", new { id = eventId, name = eventId, capacity = 1 });
                return (await new Client(Url).GetAsync($"/ticket/events/{eventId}")).Status == HttpStatusCode.OK;
            });
            return (await Members[0].ReserveAsync(eventId, key: "k")).Status;
        }

        /// <summary>Health, and the event, tell by how much the clock is wrong; or nothing.</summary>
        public async Task ToldAsync(double? seconds)
        {
            foreach (var path in (string[])["/health", $"/ticket/events/{Quick}"])
            {
                await Wait.UntilAsync($"{path} tells a step of {seconds} s", async () =>
                {
                    var reply = await new Client(Url).GetAsync(path);
                    if (reply.Status != HttpStatusCode.OK) return false;
                    return reply.Data.TryGetProperty("clockErrorSeconds", out var told) ? Math.Abs(told.GetDouble() - (seconds ?? 0)) < 1 : seconds is null;
                });
            }
        }

        /// <summary>The only ticket is held for two seconds of true time and then can be had; who asks meanwhile hears how long.</summary>
        public async Task HoldEndsInTimeAsync()
        {
            var since = Stopwatch.StartNew();
            await Wait.UntilAsync("the ticket can be held", async () => (await Members[0].ReserveAsync(Quick)).Status == HttpStatusCode.OK, TimeSpan.FromSeconds(10));
            var (heldFrom, answeredAt) = (since.Elapsed, Stopwatch.StartNew());
            var refusal = await Members[1].ReserveAsync(Quick);
            if (refusal.Code == "ALL_HELD")
                Assert.InRange(refusal.Body.GetProperty("retryAfterMs").GetDouble(), 0, QuickHold.TotalMilliseconds + 1);
            await Wait.UntilAsync("the hold has ended", async () =>
            {
                var next = await Members[1].ReserveAsync(Quick);
                if (next.Status != HttpStatusCode.OK) return false;
                await Members[1].PostAsync($"/ticket/reservations/{next.Data.GetProperty("reservationId").GetString()}/cancel");
                return true;
            }, TimeSpan.FromSeconds(10));

            Assert.True(since.Elapsed > QuickHold, $"it ended after {since.Elapsed}, held from {heldFrom}");
            Assert.True(answeredAt.Elapsed < QuickHold + HoldLateMax, $"it ended after {answeredAt.Elapsed}");
        }
    }
}

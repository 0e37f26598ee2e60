using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>
/// Steps of clocks that could keep events, members or silos from starting. Unlike <see cref="ClockTests"/> these tests
/// measure no times, and run beside others.
/// </summary>
public sealed class WrongClockTests
{
    [Fact]
    public async Task After_a_clock_was_half_an_hour_ahead_for_a_minute_events_and_members_are_activated()
    {
        using var clock = new FakeClock();
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(clock.Settings);
        var sale = await ClockSale.OpenAsync(host.Url);

        clock.Set(TimeSpan.FromMinutes(30));
        // Orleans collects idle grains once a minute: it must do so while the clock is wrong.
        await Task.Delay(TimeSpan.FromSeconds(65));
        clock.Set(TimeSpan.Zero);
        await sale.ToldAsync(null);
        var opened = await sale.Admin.PostAsync("/admin/events", new { id = "after", name = "After", capacity = 1 });
        var signedUp = await new Client(host.Url).PostAsync(
            "/member/signup", new { id = "zoe", password = "a long enough password" });
        var sold = await sale.Members[0].ReserveAsync("after", key: "k");

        Assert.Equal(HttpStatusCode.Created, opened.Status);
        Assert.Equal(HttpStatusCode.Created, signedUp.Status);
        Assert.Equal(HttpStatusCode.OK, sold.Status);
    }

    [Theory, InlineData(86_400), InlineData(-86_400)]
    public async Task A_silo_whose_clock_is_a_day_wrong_is_not_taken_for_dead_nor_is_its_successor(int seconds)
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await server.CreateDatabaseAsync(), new(Silos: 2, FrontEnds: 1, HasClocks: true));
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
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
            await admin.PostAsync("/admin/events", new { id = name, name, capacity = 1 });
            return (await cluster.OwnersOfAsync(name))[name] == 1;
        }, TimeSpan.FromSeconds(60));
    }
}

using System.Globalization;
using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>A night without a database is some lines in the logs, and none of them is missing that matters.</summary>
public sealed class LogVolumeTests
{
    private const int Events = 60;
    private const int LinesMax = 20; // a second and process: 1,000 were written when each event said it for itself

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_database_that_is_away_while_a_crowd_asks_for_many_events_does_not_flood_the_logs()
    {
        await using var postgres = await PostgresServer.StartNewAsync("max_connections=200");
        await using var cluster = await BoxOfficeCluster.StartAsync(await postgres.CreateDatabaseAsync(), new(Silos: 2, FrontEnds: 1));
        var boss = await Client.OperatorAsync(cluster.Urls[0]);
        for (var i = 0; i < Events; i++)
            await boss.PostAsync("/admin/events", new { id = EventOf(i), name = "Gala", capacity = 1_000_000, maxPerMember = 1_000_000 });
        var buyers = await boss.MembersAsync("buyer", Events);
        using var stop = new CancellationTokenSource();
        var crowd = Enumerable.Range(0, Events).Select(i => BuyAsync(buyers[i], EventOf(i), stop.Token)).ToList();
        ClusterProcess[] processes = [.. cluster.Silos, .. cluster.FrontEnds];
        var before = processes.Select(Lines).ToArray();

        await postgres.CrashAsync();
        await Task.Delay(Away); // what is measured is a volume in time
        var lines = processes.Select((one, i) => Lines(one) - before[i]).ToArray();
        await postgres.StartAsync();
        await cluster.ReadyAsync(TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        await Task.WhenAll(crowd);

        TestContext.Current.TestOutputHelper?.WriteLine($"lines in {Away}: {string.Join(", ", lines)}");
        Assert.All(lines, one => Assert.InRange(one, 1, LinesMax * (int)Away.TotalSeconds));
        var silos = string.Join('\n', cluster.Silos.Select(one => one.Output));
        Assert.Contains("like this in 5 s]", silos, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Npgsql.", silos, StringComparison.Ordinal); // no stack for what has a name
    }

    [Fact]
    public async Task A_normal_stop_does_not_warn()
    {
        await using var postgres = await PostgresServer.StartNewAsync("max_connections=200");
        await using var cluster = await BoxOfficeCluster.StartAsync(await postgres.CreateDatabaseAsync(), new(Silos: 2, FrontEnds: 1));
        var boss = await Client.OperatorAsync(cluster.Urls[0]);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 10 });
        Assert.Equal(HttpStatusCode.OK, (await (await boss.MembersAsync("ann", 1))[0].ReserveAsync("gala")).Status);
        ClusterProcess[] processes = [.. cluster.FrontEnds, .. cluster.Silos];
        var before = processes.Select(one => one.Output.Length).ToArray();

        foreach (var one in processes) await one.StopAsync();

        Assert.All(processes.Select((one, i) => one.Output[before[i]..]), said =>
        {
            Assert.DoesNotContain("warn:", said, StringComparison.Ordinal);
            Assert.DoesNotContain("fail:", said, StringComparison.Ordinal);
        });
    }

    private static string EventOf(int i) => string.Create(CultureInfo.InvariantCulture, $"event-{i}");

    private static int Lines(ClusterProcess process) => process.Output.Count(letter => letter == '\n');

    private static async Task BuyAsync(Client buyer, string eventId, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await buyer.ReserveAsync(eventId);
            }
            catch (HttpRequestException)
            {
                // It asks again.
            }
            await Task.Delay(100, CancellationToken.None); // some ten calls a second each, as a page that asks again
        }
    }
}

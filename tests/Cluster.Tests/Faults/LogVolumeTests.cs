using System.Globalization;
using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>The logs of a cluster without its database stay short, and have the lines that matter.</summary>
public sealed class LogVolumeTests
{
    private const int Events = 60;
    private const int LinesMax = 20; // each second and process; one line for each event and failure made 1,000

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_lost_database_under_calls_on_many_events_does_not_flood_the_logs()
    {
        await using var postgres = await PostgresServer.StartNewAsync("max_connections=200");
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await postgres.CreateDatabaseAsync(), new(Silos: 2, FrontEnds: 1));
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
        for (var i = 0; i < Events; i++)
            await admin.PostAsync("/admin/events",
                new { id = EventOf(i), name = "Gala", capacity = 1_000_000, maxPerMember = 1_000_000 });
        var buyers = await admin.MembersAsync("buyer", Events);
        using var stop = new CancellationTokenSource();
        var crowd = Enumerable.Range(0, Events).Select(i => BuyAsync(buyers[i], EventOf(i), stop.Token)).ToList();
        ClusterProcess[] processes = [.. cluster.Silos, .. cluster.FrontEnds];
        var before = processes.Select(Lines).ToArray();

        await postgres.CrashAsync();
        await Task.Delay(Away); // measures the volume over this time
        var lines = processes.Select((process, i) => Lines(process) - before[i]).ToArray();
        await postgres.StartAsync();
        await cluster.ReadyAsync(TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        await Task.WhenAll(crowd);

        TestContext.Current.TestOutputHelper?.WriteLine($"lines in {Away}: {string.Join(", ", lines)}");
        Assert.All(lines, count => Assert.InRange(count, 1, LinesMax * (int)Away.TotalSeconds));
        var silos = string.Join('\n', cluster.Silos.Select(silo => silo.Output));
        Assert.Contains("like this in 5 s]", silos, StringComparison.Ordinal);
        // no stack trace for a classified failure
        Assert.DoesNotContain("   at Npgsql.", silos, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_normal_stop_does_not_warn()
    {
        await using var postgres = await PostgresServer.StartNewAsync("max_connections=200");
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await postgres.CreateDatabaseAsync(), new(Silos: 2, FrontEnds: 1));
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
        await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 10 });
        Assert.Equal(HttpStatusCode.OK, (await (await admin.MembersAsync("ann", 1))[0].ReserveAsync("gala")).Status);
        ClusterProcess[] processes = [.. cluster.FrontEnds, .. cluster.Silos];
        var before = processes.Select(process => process.Output.Length).ToArray();

        foreach (var process in processes) await process.StopAsync();

        Assert.All(processes.Select((process, i) => process.Output[before[i]..]), lines =>
        {
            Assert.DoesNotContain("warn:", lines, StringComparison.Ordinal);
            Assert.DoesNotContain("fail:", lines, StringComparison.Ordinal);
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
                // The loop retries.
            }
            // about ten calls a second for each buyer, as from a page that retries
            await Task.Delay(100, CancellationToken.None);
        }
    }
}

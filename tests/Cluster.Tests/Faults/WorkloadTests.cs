using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>The crowd and the audit against real processes: the ground that the fault tests stand on.</summary>
public sealed class WorkloadTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task A_crowd_that_lives_through_a_kill_finds_every_promise_kept()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var host = await BoxOfficeHost.StartClusterAsync(database);
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 150, maxPerMember = 4, holdSeconds = 2 });
        var buyers = await Buyer.IssueAsync(boss, "member", 640);
        await using var workload = Workload.Start(() => [host.Url], buyers);

        await workload.DecidedAsync(1_000);
        await host.KillAsync();
        await host.StartAsync();
        await workload.DecidedAsync(1_000, TimeSpan.FromMinutes(2)); // a killed silo is missed for a while
        await workload.StopAsync();

        var verdict = Audit.Check(workload.History, await StoredJournal.ReadAsync(database, "gala"));
        verdict.ThrowIfBroken();
        Assert.True(verdict.Counts.Unknown > 0, $"the kill was not noticed: {verdict}");
        Assert.True(verdict.Counts.Ok > 100, $"hardly anything was sold: {verdict}");
    }
}

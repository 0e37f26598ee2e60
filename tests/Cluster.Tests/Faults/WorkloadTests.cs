using BoxOffice.Testing;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>The crowd and the audit against real processes, on which the fault tests depend.</summary>
public sealed class WorkloadTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task A_crowd_that_lives_through_a_kill_finds_every_promise_kept()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var host = await BoxOfficeHost.StartClusterAsync(database);
        var admin = await Client.OperatorAsync(host.Url);
        await admin.PostAsync(
            "/admin/events", new { id = "gala", name = "Gala", capacity = 150, maxPerMember = 4, holdSeconds = 2 });
        var buyers = await Buyer.IssueAsync(admin, "member", 640);
        await using var workload = Workload.Start(() => [host.Url], buyers);

        await workload.DecidedAsync(1_000);
        await host.KillAsync();
        await host.StartAsync();
        // the cluster takes a while to declare a killed silo dead
        await workload.DecidedAsync(1_000, TimeSpan.FromMinutes(2));
        await workload.StopAsync();

        var verdict = Audit.Check(workload.History, await StoredJournal.ReadAsync(database, "gala"));
        verdict.ThrowIfBroken();
        Assert.True(verdict.Counts.Unknown > 0, $"the kill was not noticed: {verdict}");
        Assert.True(verdict.Counts.Ok > 100, $"too few calls were accepted: {verdict}");
    }
}

using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>A backup is restored beneath a running silo. That loses what was sold since; it is noticed at once, and nothing is written behind the hole.</summary>
public sealed class WentBackTests
{
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_restore_beneath_running_silos_is_told_once_within_five_seconds_and_events_go_on_from_what_the_journal_has()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await using var host = await BoxOfficeHost.StartClusterAsync(await postgres.CreateDatabaseAsync());
        var boss = await Client.OperatorAsync(host.Url);
        string[] ids = ["gala", "stalls", "circle"];
        foreach (var id in ids) await boss.PostAsync("/admin/events", new { id, name = id, capacity = 100 });
        var members = await boss.MembersAsync("member", 4);
        foreach (var id in ids) Assert.Equal(HttpStatusCode.OK, (await members[0].ReserveAsync(id)).Status);
        postgres.BackUp();
        foreach (var id in ids) Assert.Equal(HttpStatusCode.OK, (await members[1].ReserveAsync(id)).Status); // these are lost

        await postgres.RestoreAsync();
        var restoredAt = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync("the silo says that the database went back", () => Task.FromResult(Told("The database went back") > 0));
        var noticedAfter = TimeProvider.System.GetElapsedTime(restoredAt);
        foreach (var id in ids)
            await Wait.UntilAsync($"{id} sells", async () => (await members[2].ReserveAsync(id, key: "k")).Status == HttpStatusCode.OK);

        Assert.True(noticedAfter < NoticedWithin, $"{noticedAfter}");
        Assert.Contains("3 of 3 events lost entries that were acknowledged", host.Silo!.Output, StringComparison.Ordinal);
        Assert.Equal((1, 0), (Told("The database went back"), Told("The journal of event")));
        foreach (var id in ids)
        {
            var truth = (await boss.GetAsync($"/admin/events/{id}/reconcile")).Data;
            Assert.Equal((0, 0, 0), (Number("drift"), Number("gaps"), Number("duplicates")));

            int Number(string name) => truth.GetProperty(name).GetInt32();
        }

        int Told(string words) => host.Silo!.Output.Split(words).Length - 1;
    }
}

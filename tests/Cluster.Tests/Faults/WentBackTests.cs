using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// A backup is restored under a running silo. Later sales are lost. The silo notices at once, and its journal gets no
/// gap.
/// </summary>
public sealed class WentBackTests
{
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_restore_under_a_running_silo_is_logged_once_within_five_seconds_and_events_go_on()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await using var host = await BoxOfficeHost.StartClusterAsync(await postgres.CreateDatabaseAsync());
        var admin = await Client.OperatorAsync(host.Url);
        string[] ids = ["gala", "stalls", "circle"];
        foreach (var id in ids) await admin.PostAsync("/admin/events", new { id, name = id, capacity = 100 });
        var members = await admin.MembersAsync("member", 4);
        foreach (var id in ids) Assert.Equal(HttpStatusCode.OK, (await members[0].ReserveAsync(id)).Status);
        postgres.BackUp();
        // These sales are lost.
        foreach (var id in ids) Assert.Equal(HttpStatusCode.OK, (await members[1].ReserveAsync(id)).Status);

        await postgres.RestoreAsync();
        var restoredAt = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync("the silo logs that the database went back", () =>
            Task.FromResult(Logged("The database went back") > 0));
        var noticedAfter = TimeProvider.System.GetElapsedTime(restoredAt);
        foreach (var id in ids)
        {
            await Wait.UntilAsync($"{id} sells", async () =>
                (await members[2].ReserveAsync(id, key: "k")).Status == HttpStatusCode.OK);
        }

        Assert.True(noticedAfter < NoticedWithin, $"{noticedAfter}");
        Assert.Contains(
            "3 of 3 events lost entries that were acknowledged", host.Silo!.Output, StringComparison.Ordinal);
        Assert.Equal((1, 0), (Logged("The database went back"), Logged("The journal of event")));
        foreach (var id in ids)
        {
            var truth = (await admin.GetAsync($"/admin/events/{id}/reconcile")).Data;
            Assert.Equal((0, 0, 0), (Number("drift"), Number("gaps"), Number("duplicates")));

            int Number(string name) => truth.GetProperty(name).GetInt32();
        }

        int Logged(string words) => host.Silo!.Output.Split(words).Length - 1;
    }
}

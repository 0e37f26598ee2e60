using System.Text.Json;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Cluster.Tests;

/// <summary>
/// A rehearsal in a cluster: every front-end reports it, and its rows are removed, also after a front-end's death.
/// </summary>
public sealed class RehearsalTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task Another_front_end_reports_a_rehearsal_and_rehearses_after_the_death_of_the_one_that_ran_it()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var cluster = await BoxOfficeCluster.StartAsync(connectionString, new(Silos: 1, FrontEnds: 2));
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
        var other = new Client(cluster.Urls[1], admin.Token);
        await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 1_000 });
        await (await admin.MembersAsync("ann", 1))[0].ReserveAsync("gala");

        var begun = await admin.PostAsync("/admin/events/gala/rehearse", new { buyers = 6_000, rampSeconds = 600 });
        var path = begun.Header("Location")!;
        await Wait.UntilAsync("the other front-end reports sold tickets", async () =>
            (await other.GetAsync(path)).Data.GetProperty("progress").GetProperty("accepted").GetInt32() > 0);
        var concurrent = await other.PostAsync("/admin/events/gala/rehearse", new { buyers = 1 });
        await cluster.FrontEnds[0].KillAsync();
        var left = await CountAsync(connectionString, "rehearsal_journal");
        await Wait.UntilAsync("it counts as failed", async () => State((await other.GetAsync(path)).Data) == "FAILED");
        var leftLater = await CountAsync(connectionString, "rehearsal_journal");
        var next = await other.PostAsync("/admin/events/gala/rehearse", new { buyers = 50, rampSeconds = 0 });
        JsonElement ended = default;
        await Wait.UntilAsync("the next one is done", async () =>
            State(ended = (await other.GetAsync(next.Header("Location")!)).Data) is "DONE" or "FAILED");

        Assert.Equal("REHEARSAL_RUNNING", concurrent.Code);
        var failed = (await other.GetAsync(path)).Data;
        Assert.Equal("The front-end that ran it is gone.", failed.GetProperty("problem").GetString());
        Assert.True(left > 1, "the copy had no sale when the front-end died");
        Assert.Equal(0, leftLater);
        Assert.True(ended.GetProperty("report").GetProperty("exact").GetBoolean(), ended.GetRawText());
        Assert.Equal(50, ended.GetProperty("report").GetProperty("sold").GetInt32());
        Assert.Equal(0, await CountAsync(connectionString, "rehearsal_journal"));
        Assert.Equal(2, await CountAsync(connectionString, "reservation_journal"));
        Assert.Equal(0, await CountAsync(connectionString, "member_event WHERE event_id <> 'gala'"));
    }

    private static string? State(JsonElement rehearsal) => rehearsal.GetProperty("state").GetString();

    private static async Task<long> CountAsync(string connectionString, string from)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand($"SELECT count(*) FROM {from}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

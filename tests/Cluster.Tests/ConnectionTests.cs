using System.Net;
using BoxOffice.Grains;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Cluster.Tests;

/// <summary>Front-ends find their silos, whoever comes first and whatever happened meanwhile.</summary>
public sealed class ConnectionTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task A_front_end_that_starts_before_its_silos_waits_for_them()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(await postgres.CreateDatabaseAsync(), new(Silos: 1, FrontEnds: 1));
        await cluster.FrontEnds[0].StopAsync();
        await cluster.Silos[0].StopAsync();

        var frontEnd = cluster.FrontEnds[0].StartAsync();
        await Wait.UntilAsync("it has looked for silos", () => Task.FromResult(
            cluster.FrontEnds[0].Process.Output.Contains("Could not find any gateway", StringComparison.Ordinal)));
        var cameEarly = frontEnd.IsCompleted;
        await cluster.Silos[0].StartAsync();
        await frontEnd;

        Assert.False(cameEarly);
        await cluster.ReadyAsync();
    }

    [Fact]
    public async Task When_all_silos_are_killed_and_come_back_the_front_end_finds_them()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(await postgres.CreateDatabaseAsync(), new(Silos: 2, FrontEnds: 1));
        var boss = await Client.OperatorAsync(cluster.Urls[0]);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 2 });
        var members = await boss.MembersAsync("member", 2);
        await members[0].ReserveAsync("gala", key: "k");

        foreach (var silo in cluster.Silos) await silo.KillAsync();
        await Wait.UntilAsync("the front-end says so", async () => (await new Client(cluster.Urls[0]).GetAsync("/health")).Code == "NOT_READY");
        await Task.WhenAll(cluster.Silos.Select(silo => silo.StartAsync()));
        await cluster.ReadyAsync();
        var sold = await members[1].ReserveAsync("gala", key: "k");

        Assert.Equal(HttpStatusCode.OK, sold.Status);
    }

    [Fact]
    public async Task A_silo_whose_database_is_away_ends_when_it_is_told_to()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var cluster = await BoxOfficeCluster.StartAsync(await server.CreateDatabaseAsync(), new(Silos: 1, FrontEnds: 0));
        await server.CrashAsync();

        cluster.Silos[0].Process.Send(Signal.Terminate);

        await cluster.Silos[0].Process.ExitAsync(TimeSpan.FromSeconds(40));
        Assert.Contains("could not leave its cluster", cluster.Silos[0].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_of_a_cluster_is_the_databases()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());

        var clock = await DatabaseClock.ReadAsync(database);
        await using var command = database.CreateCommand("SELECT clock_timestamp()");
        var before = clock.GetUtcNow();
        var theirs = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync())!, TimeSpan.Zero);
        var after = clock.GetUtcNow();

        var tolerance = TimeSpan.FromMilliseconds(250); // half of the quickest of three round trips, on a busy machine
        Assert.InRange(theirs, before - tolerance, after + tolerance);
        Assert.InRange(await clock.CorrectAsync(database), -tolerance, tolerance);
    }
}

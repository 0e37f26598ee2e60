using System.Net;
using BoxOffice.Grains.Clocks;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Cluster.Tests;

/// <summary>Front-ends find their silos in every order of starts, and after failures.</summary>
public sealed class ConnectionTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task A_front_end_that_starts_before_its_silos_waits_for_them()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await postgres.CreateDatabaseAsync(), new(Silos: 1, FrontEnds: 1));
        await cluster.FrontEnds[0].StopAsync();
        await cluster.Silos[0].StopAsync();

        var frontEnd = cluster.FrontEnds[0].StartAsync();
        await Wait.UntilAsync("the front-end has looked for silos", () => Task.FromResult(
            cluster.FrontEnds[0].Process.Output.Contains(
                "No silo of the cluster boxoffice answers", StringComparison.Ordinal)));
        var wasReadyEarly = frontEnd.IsCompleted;
        await cluster.Silos[0].StartAsync();
        await frontEnd;

        Assert.False(wasReadyEarly);
        await cluster.ReadyAsync();
    }

    [Fact]
    public async Task When_all_silos_are_killed_and_come_back_the_front_end_finds_them()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await postgres.CreateDatabaseAsync(), new(Silos: 2, FrontEnds: 1));
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
        await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 2 });
        var members = await admin.MembersAsync("member", 2);
        await members[0].ReserveAsync("gala", key: "k");

        foreach (var silo in cluster.Silos) await silo.KillAsync();
        await Wait.UntilAsync("the front-end says so", async () =>
            (await new Client(cluster.Urls[0]).GetAsync("/health")).Code == "NOT_READY");
        await Task.WhenAll(cluster.Silos.Select(silo => silo.StartAsync()));
        await cluster.ReadyAsync();
        var sold = await members[1].ReserveAsync("gala", key: "k");

        Assert.Equal(HttpStatusCode.OK, sold.Status);
    }

    [Fact]
    public async Task A_silo_without_its_database_ends_on_SIGTERM()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await server.CreateDatabaseAsync(), new(Silos: 1, FrontEnds: 0));
        await server.CrashAsync();

        cluster.Silos[0].Process.Send(Signal.Terminate);

        await cluster.Silos[0].Process.ExitAsync(TimeSpan.FromSeconds(40));
        Assert.Contains("could not leave its cluster", cluster.Silos[0].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_of_a_cluster_is_the_databases()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());

        await using var source = new DatabaseClock(database);
        var clock = new SaleClock(
            await source.ReadFirstAsync(TimeProvider.System), TimeSpan.FromMinutes(5), TimeProvider.System);
        await using var command = database.CreateCommand("SELECT clock_timestamp()");
        var before = clock.GetUtcNow();
        var theirs = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync())!, TimeSpan.Zero);
        var after = clock.GetUtcNow();

        var tolerance = TimeSpan.FromMilliseconds(250); // half of the quickest of three round trips, on a busy machine
        Assert.InRange(theirs, before - tolerance, after + tolerance);
        clock.Observe(await source.ReadAsync(CancellationToken.None));
        Assert.InRange(clock.Error, -tolerance, tolerance);
    }

    [Fact]
    public async Task A_process_that_starts_right_after_a_step_of_the_databases_clock_waits_for_the_others_findings()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var other = new DatabaseClock(NpgsqlDataSource.Create(connectionString));
        await using var starting = new DatabaseClock(database);
        var day = TimeSpan.FromDays(1);
        await other.ReadAsync(CancellationToken.None);
        await other.TellAsync(TimeSpan.Zero, CancellationToken.None); // it has not found the step yet

        var reading = starting.ReadFirstAsync(new MachineAhead(-day)); // the database is a day ahead of the machine
        await Task.Delay(TimeSpan.FromSeconds(1)); // until the other's next reading
        await other.TellAsync(day, CancellationToken.None);

        Assert.Equal(day, Assert.Single((await reading).Others!));
        // a process whose clock agrees waits for nothing
        Assert.Equal(day, Assert.Single((await starting.ReadFirstAsync(TimeProvider.System)).Others!));
    }

    [Fact]
    public async Task Processes_share_their_difference_to_the_databases_clock_until_they_end()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        var databaseOfOther = NpgsqlDataSource.Create(connectionString);
        await using var first = new DatabaseClock(database);
        var other = new DatabaseClock(databaseOfOther);
        var stop = CancellationToken.None;

        await first.ReadAsync(stop);
        await other.ReadAsync(stop);
        await first.TellAsync(TimeSpan.FromSeconds(-1.5), stop);
        await first.TellAsync(TimeSpan.FromSeconds(-3_600.04), stop);
        await other.TellAsync(TimeSpan.FromDays(1), stop);
        var heard = (await other.ReadAsync(stop)).Others;
        var heardBack = (await first.ReadAsync(stop)).Others;
        await first.TellAsync(null, stop);
        var heardAfterItWasWithdrawn = (await other.ReadAsync(stop)).Others!;
        await other.DisposeAsync();
        await databaseOfOther.DisposeAsync();

        Assert.Equal([TimeSpan.FromSeconds(-3_600)], heard);
        Assert.Equal([TimeSpan.FromDays(1)], heardBack);
        Assert.Empty(heardAfterItWasWithdrawn);
        await Wait.UntilAsync("its difference is gone", async () => (await first.ReadAsync(stop)).Others is []);
    }

    /// <summary>A machine's clock with an offset.</summary>
    private sealed class MachineAhead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}

using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>Programs wait at their start for a database that cannot be used yet.</summary>
public sealed class LateDatabaseTests
{
    [Fact]
    public async Task Programs_wait_for_a_database_that_confirms_nothing_yet()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await Startup.InstallAsync(database);
        await ConfirmAsync(server, byStandby: "missing");
        await using var silo = Startup.ProgramOf("Silo", database);
        await using var frontEnd = Startup.ProgramOf("Api", database);

        await silo.LineAsync("PostgreSQL cannot be used yet: it does not answer in time");
        await ConfirmAsync(server, byStandby: "");

        await silo.LineAsync("silo is ready");
        await frontEnd.LineAsync("BoxOffice is open at");
    }

    [Fact]
    public async Task A_front_end_waits_until_it_can_store_its_operator()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await using var silo = Startup.ProgramOf("Silo", database);
        await silo.LineAsync("silo is ready");
        await ConfirmAsync(server, byStandby: "missing");
        await using var frontEnd = Startup.ProgramOf("Api", database);

        await frontEnd.LineAsync("PostgreSQL cannot be used yet");
        await ConfirmAsync(server, byStandby: "");

        var url = new Uri((await frontEnd.LineAsync("BoxOffice is open at")).Split("open at ")[1]);
        Assert.NotNull((await Client.OperatorAsync(url)).Token);
    }

    [Fact]
    public async Task A_silo_waits_for_a_database_that_starts_later()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await server.CrashAsync();
        await using var silo = Startup.ProgramOf("Silo", database);

        await silo.LineAsync("PostgreSQL cannot be used yet: it cannot be reached");
        await server.StartAsync();

        await silo.LineAsync("silo is ready");
    }

    /// <summary>Makes commits wait for a standby of this name; without a name, for none.</summary>
    private static async Task ConfirmAsync(PostgresServer server, string byStandby)
    {
        await server.ExecuteAsync("postgres", $"ALTER SYSTEM SET synchronous_standby_names = '{byStandby}'");
        await server.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
        await Wait.UntilAsync("it is in force", async () =>
            await server.AskAsync<string>(
                "postgres", "SELECT current_setting('synchronous_standby_names')") == byStandby);
    }
}

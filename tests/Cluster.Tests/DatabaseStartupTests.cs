using System.Net;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Schema;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Cluster.Tests;

/// <summary>Databases that a program rejects, accepts or warns about at its start.</summary>
public sealed class DatabaseStartupTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task A_database_that_does_not_exist()
    {
        var missing =
            new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Database = "no_such_database" };
        await Startup.AssertRefusesAsync(
            "Silo", "no_such_database", ("ConnectionStrings__boxoffice", missing.ConnectionString));
    }

    [Theory, InlineData("local"), InlineData("off"), InlineData("remote_write")]
    public async Task A_database_that_answers_before_a_commit_is_safe(string synchronousCommit)
    {
        var database = await postgres.CreateDatabaseAsync();
        await Startup.ExecuteAsync(
            database, $"ALTER DATABASE {Startup.NameOf(database)} SET synchronous_commit = {synchronousCommit}");

        await Startup.AssertRefusesAsync(
            "Silo", $"may lose what it has confirmed: synchronous_commit={synchronousCommit}",
            ("ConnectionStrings__boxoffice", database));
    }

    [Fact]
    public async Task A_database_that_does_not_flush_unless_it_is_allowed()
    {
        await using var server = await PostgresServer.StartNewAsync("fsync=off", "full_page_writes=off");
        var database = await server.CreateDatabaseAsync();

        await Startup.AssertRefusesAsync(
            "Silo", "fsync=off, full_page_writes=off", ("ConnectionStrings__boxoffice", database));

        await using var accepted = await BoxOfficeHost.StartClusterAsync(database, ("AllowUnsafeDatabase", "true"));
    }

    [Fact]
    public async Task A_role_that_may_not_create_tables()
    {
        var database = await postgres.CreateDatabaseAsync();
        await Startup.ExecuteAsync(database, $"CREATE ROLE guest_{Startup.NameOf(database)} LOGIN");
        var guest = new NpgsqlConnectionStringBuilder(database) { Username = $"guest_{Startup.NameOf(database)}" };

        await Startup.AssertRefusesAsync("Silo",
            "permission denied for schema public (42501)", ("ConnectionStrings__boxoffice", guest.ConnectionString));
    }

    [Fact]
    public async Task A_role_that_may_read_but_not_sell()
    {
        var database = await postgres.CreateDatabaseAsync();
        await Startup.InstallAsync(database);
        await Startup.ExecuteAsync(database, $"""
            CREATE ROLE reader_{Startup.NameOf(database)} LOGIN;
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_{Startup.NameOf(database)}
            """);
        var reader = new NpgsqlConnectionStringBuilder(database) { Username = $"reader_{Startup.NameOf(database)}" };

        await Startup.AssertRefusesAsync(
            "Silo", "INSERT reservation_journal", ("ConnectionStrings__boxoffice", reader.ConnectionString));
    }

    [Fact]
    public async Task A_schema_of_a_later_version()
    {
        var database = await postgres.CreateDatabaseAsync();
        await Startup.InstallAsync(database);
        await Startup.ExecuteAsync(
            database, "INSERT INTO boxoffice_schema (version, name) VALUES (9999, 'from the future')");

        await Startup.AssertRefusesAsync("Silo", "9999", ("ConnectionStrings__boxoffice", database));
        await Startup.AssertRefusesAsync(
            "Api", "9999", ("ConnectionStrings__boxoffice", database), ("BoxOffice__TokenKey", BoxOfficeHost.TokenKey));
    }

    [Fact]
    public async Task A_database_whose_transactions_are_read_only()
    {
        var database = await postgres.CreateDatabaseAsync();
        await Startup.InstallAsync(database);
        await Startup.ExecuteAsync(
            database, $"ALTER DATABASE {Startup.NameOf(database)} SET default_transaction_read_only = on");

        await Startup.AssertRefusesAsync(
            "Silo", "cannot be written: its transactions are read-only", ("ConnectionStrings__boxoffice", database));
        await Startup.AssertRefusesAsync("Api", "cannot be written: its transactions are read-only",
            ("ConnectionStrings__boxoffice", database), ("BoxOffice__TokenKey", BoxOfficeHost.TokenKey));
    }

    [Fact]
    public async Task A_database_that_stays_a_standby()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await Startup.InstallAsync(database);
        await Startup.ExecuteAsync(database, "CHECKPOINT");
        var folder = await Startup.AskAsync<string>(database, "SELECT current_setting('data_directory')");
        await server.CrashAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "standby.signal"), "");
        await server.StartAsync();

        var refusal = await Assert.ThrowsAsync<StartupException>(() => StartupConfiguration.PrepareDatabaseAsync(
            database, new(), isSilo: true, new(), patience: TimeSpan.FromSeconds(1), TimeProvider.System));

        Assert.Contains("it is a standby", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task Several_hosts_with_target_session_attributes_any() => Startup.AssertRefusesAsync(
        "Silo", "asks for Target Session Attributes=any",
        ("ConnectionStrings__boxoffice", "Host=one,two;Target Session Attributes=any"));

    [Fact]
    public async Task With_several_hosts_some_of_them_down_the_primary_is_used()
    {
        var up = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        var several = $"Host=127.0.0.1:{ProgramProcess.FreePort()},127.0.0.1:{up.Port};"
            + $"Username={up.Username};Database={up.Database};Timeout=3";

        await using var host = await BoxOfficeHost.StartClusterAsync(several);

        var completed = new NpgsqlConnectionStringBuilder(PostgresConnections.Complete(several));
        Assert.Equal(("primary", 1), (completed.TargetSessionAttributes, completed.HostRecheckSeconds));
        Assert.Equal(
            HttpStatusCode.OK, (await (await Client.OperatorAsync(host.Url)).GetAsync("/admin/cluster")).Status);
    }

    [Fact]
    public async Task A_database_with_too_few_connections()
    {
        await using var server = await PostgresServer.StartNewAsync("max_connections=20");

        await Startup.AssertRefusesAsync("Silo", "PostgreSQL allows 17 connections, and this process takes up to 25",
            ("ConnectionStrings__boxoffice", await server.CreateDatabaseAsync()));
    }

    [Fact]
    public async Task Too_few_connections_for_the_cluster_are_a_warning()
    {
        await using var server = await PostgresServer.StartNewAsync("max_connections=30");

        await using var host = await BoxOfficeHost.StartClusterAsync(await server.CreateDatabaseAsync());

        await host.Silo!.LineAsync("PostgreSQL allows 27 connections, and 1 silos with one front-end take up to 30");
    }

    [Theory, InlineData("transaction"), InlineData("statement")]
    public async Task A_pooler_that_changes_the_server_process_within_a_session(string poolMode)
    {
        await using var pooler = await PgBouncer.StartAsync(await postgres.CreateDatabaseAsync(), poolMode);

        await Startup.AssertRefusesAsync(
            "Silo", "PostgreSQL", ("ConnectionStrings__boxoffice", pooler.ConnectionString));
    }

    [Fact]
    public async Task A_pooler_that_keeps_sessions_is_accepted()
    {
        await using var pooler = await PgBouncer.StartAsync(await postgres.CreateDatabaseAsync(), "session");

        await using var host = await BoxOfficeHost.StartClusterAsync(pooler.ConnectionString);

        var admin = await Client.OperatorAsync(host.Url);
        await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 1 });
        Assert.Equal(HttpStatusCode.OK, (await (await admin.MembersAsync("ann", 1))[0].ReserveAsync("gala")).Status);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BoxOffice.Grains;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Schema;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Cluster.Tests;

/// <summary>A program that cannot start says why in one line, and ends with an error.</summary>
public sealed class StartupTests(Journal.Postgres postgres)
{
    [Fact]
    public Task A_connection_string_that_is_none() =>
        AssertRefusesAsync("Silo", "is not a PostgreSQL connection string", ("ConnectionStrings__boxoffice", "nonsense"));

    [Fact]
    public Task A_silo_without_a_connection_string() => AssertRefusesAsync("Silo", "ConnectionStrings__boxoffice is not set");

    [Fact]
    public async Task A_database_that_does_not_exist()
    {
        var missing = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Database = "no_such_database" };
        await AssertRefusesAsync("Silo", "no_such_database", ("ConnectionStrings__boxoffice", missing.ConnectionString));
    }

    [Fact]
    public async Task A_front_end_of_a_cluster_without_a_token_key() =>
        await AssertRefusesAsync("Api", "BoxOffice__TokenKey is not set", ("ConnectionStrings__boxoffice", await postgres.CreateDatabaseAsync()));

    [Fact]
    public Task A_token_key_that_is_too_short() =>
        AssertRefusesAsync("Api", "must have at least 32 bytes", ("BoxOffice__TokenKey", "short"), ("BoxOffice__DataDirectory", NewDirectory()));

    [Fact]
    public Task A_number_out_of_bounds() => AssertRefusesAsync("Api", "SiloPort", ("BoxOffice__SiloPort", "70000"));

    [Fact]
    public Task A_number_that_is_none() => AssertRefusesAsync("Api", "SiloPort", ("BoxOffice__SiloPort", "many"));

    [Fact]
    public Task An_address_that_is_none() => AssertRefusesAsync("Api", "AdvertisedAddress", ("BoxOffice__AdvertisedAddress", "here"));

    [Theory, InlineData("10.0.0.1, proxy.example"), InlineData("10.0.0.0/33"), InlineData("1")]
    public Task A_trusted_proxy_that_is_neither_an_address_nor_a_network(string proxies) => AssertRefusesAsync(
        "Api", "BoxOffice:TrustedProxies", ("BoxOffice__TrustedProxies", proxies), ("BoxOffice__DataDirectory", NewDirectory()));

    [Fact]
    public async Task A_store_that_another_program_uses()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();
        var directory = Path.GetDirectoryName((await host.Api.LineAsync("store in")).Split("store in ")[1] + "/")!;

        await AssertRefusesAsync("Api", "Is another BoxOffice running?", ("BoxOffice__DataDirectory", directory));
    }

    [Fact]
    public async Task A_port_that_another_program_uses()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await AssertRefusesAsync("Api", $"Port {port} is in use. Set ASPNETCORE_URLS", ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("BoxOffice__DataDirectory", NewDirectory()));
        await AssertRefusesAsync("Api", $"Port {port} is in use. Set BoxOffice__SiloPort", ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("BoxOffice__SiloPort", port), ("BoxOffice__DataDirectory", NewDirectory()));
        await AssertRefusesAsync("Silo", $"Port {port} is in use. Set BoxOffice__MetricsPort", ("BoxOffice__Metrics", "true"), ("BoxOffice__MetricsPort", port), ("ConnectionStrings__boxoffice", "Host=localhost"));
    }

    [Fact]
    public async Task A_port_that_another_front_end_uses_although_it_could_be_shared()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();

        await AssertRefusesAsync("Api", "is in use. Set ASPNETCORE_URLS", ("ASPNETCORE_URLS", host.Url.ToString()), ("BoxOffice__DataDirectory", NewDirectory()));
    }

    [Theory, InlineData("local"), InlineData("off"), InlineData("remote_write")]
    public async Task A_database_that_answers_before_a_commit_is_safe(string synchronousCommit)
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, $"ALTER DATABASE {NameOf(database)} SET synchronous_commit = {synchronousCommit}");

        await AssertRefusesAsync("Silo", $"may lose what it has confirmed: synchronous_commit={synchronousCommit}", ("ConnectionStrings__boxoffice", database));
    }

    [Fact]
    public async Task A_database_that_does_not_flush_unless_that_is_accepted()
    {
        await using var server = await PostgresServer.StartNewAsync("fsync=off", "full_page_writes=off");
        var database = await server.CreateDatabaseAsync();

        await AssertRefusesAsync("Silo", "fsync=off, full_page_writes=off", ("ConnectionStrings__boxoffice", database));

        await using var accepted = await BoxOfficeHost.StartClusterAsync(database, ("AllowUnsafeDatabase", "true"));
    }

    [Fact]
    public async Task A_database_in_which_this_role_may_make_no_tables()
    {
        var database = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(database, $"CREATE ROLE guest_{NameOf(database)} LOGIN");
        var guest = new NpgsqlConnectionStringBuilder(database) { Username = $"guest_{NameOf(database)}" };

        await AssertRefusesAsync("Silo", "permission denied for schema public (42501)", ("ConnectionStrings__boxoffice", guest.ConnectionString));
    }

    [Fact]
    public async Task A_role_that_may_read_but_not_sell()
    {
        var database = await postgres.CreateDatabaseAsync();
        await InstallAsync(database);
        await ExecuteAsync(database, $"""
            CREATE ROLE reader_{NameOf(database)} LOGIN;
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_{NameOf(database)}
            """);
        var reader = new NpgsqlConnectionStringBuilder(database) { Username = $"reader_{NameOf(database)}" };

        await AssertRefusesAsync("Silo", "INSERT reservation_journal", ("ConnectionStrings__boxoffice", reader.ConnectionString));
    }

    [Fact]
    public async Task A_schema_of_a_later_version()
    {
        var database = await postgres.CreateDatabaseAsync();
        await InstallAsync(database);
        await ExecuteAsync(database, "INSERT INTO boxoffice_schema (version, name) VALUES (9999, 'from the future')");

        await AssertRefusesAsync("Silo", "9999", ("ConnectionStrings__boxoffice", database));
        await AssertRefusesAsync("Api", "9999", ("ConnectionStrings__boxoffice", database), ("BoxOffice__TokenKey", BoxOfficeHost.TokenKey));
    }

    [Fact]
    public async Task A_store_with_a_damaged_file()
    {
        var directory = NewDirectory();
        await using (var host = ProgramProcess.Start("Api", EmbeddedIn(directory), "--urls", "http://127.0.0.1:0"))
        {
            await host.LineAsync("BoxOffice is open at");
            await host.StopAsync();
        }
        await using (var file = new FileStream(Path.Combine(directory, "journal.db"), FileMode.Open))
        {
            file.Position = 4_096 * 2; // where a page says what it has
            file.Write("twelve bytes"u8);
        }

        await AssertRefusesAsync("Api", "journal.db is damaged", ("BoxOffice__DataDirectory", directory));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_store_that_others_may_enter_has_no_file_that_they_can_read()
    {
        var directory = NewDirectory();
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);

        await using (var first = ProgramProcess.Start("Api", EmbeddedIn(directory), "--urls", "http://127.0.0.1:0"))
        {
            await first.LineAsync("BoxOffice is open at");
            AssertPrivate(directory);
            await first.KillAsync();
        }
        foreach (var file in Directory.GetFiles(directory)) File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
        await using var second = ProgramProcess.Start("Api", EmbeddedIn(directory), "--urls", "http://127.0.0.1:0");
        await second.LineAsync("BoxOffice is open at");
        AssertPrivate(directory);
        await second.StopAsync();
        Directory.Delete(directory, recursive: true);

        static void AssertPrivate(string directory)
        {
            var files = Directory.GetFiles(directory).Where(one => Path.GetFileName(one) != "lock").ToList();
            Assert.Contains(files, one => one.EndsWith("token.key", StringComparison.Ordinal));
            Assert.Contains(files, one => one.EndsWith("members.db-wal", StringComparison.Ordinal));
            Assert.All(files, one => Assert.Equal(0, (int)File.GetUnixFileMode(one) & 0b111_111));
        }
    }

    [Fact]
    public async Task A_store_whose_journal_is_gone()
    {
        var directory = NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "token.key"), BoxOfficeHost.TokenKey);

        await AssertRefusesAsync("Api", "journal.db is missing or empty, and this is no first start", ("BoxOffice__DataDirectory", directory));
    }

    [Fact]
    public async Task A_database_whose_transactions_are_read_only()
    {
        var database = await postgres.CreateDatabaseAsync();
        await InstallAsync(database);
        await ExecuteAsync(database, $"ALTER DATABASE {NameOf(database)} SET default_transaction_read_only = on");

        await AssertRefusesAsync("Silo", "cannot be written: its transactions are read-only", ("ConnectionStrings__boxoffice", database));
        await AssertRefusesAsync("Api", "cannot be written: its transactions are read-only", ("ConnectionStrings__boxoffice", database), ("BoxOffice__TokenKey", BoxOfficeHost.TokenKey));
    }

    [Fact]
    public async Task A_database_that_is_a_standby_and_stays_one()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await InstallAsync(database);
        await ExecuteAsync(database, "CHECKPOINT");
        var folder = await AskAsync<string>(database, "SELECT current_setting('data_directory')");
        await server.CrashAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "standby.signal"), "");
        await server.StartAsync();

        var refusal = await Assert.ThrowsAsync<StartupException>(() => StartupConfiguration.PrepareDatabaseAsync(
            database, new(), isSilo: true, new(), patience: TimeSpan.FromSeconds(1), TimeProvider.System));

        Assert.Contains("it is a standby", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_confirms_nothing_yet_is_waited_for()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await InstallAsync(database);
        await ConfirmAsync(server, byStandby: "nobody");
        await using var silo = ProgramOf("Silo", database);
        await using var frontEnd = ProgramOf("Api", database);

        await silo.LineAsync("PostgreSQL cannot be used yet: it does not answer in time");
        await ConfirmAsync(server, byStandby: "");

        await silo.LineAsync("silo is ready");
        await frontEnd.LineAsync("BoxOffice is open at");
    }

    [Fact]
    public async Task A_front_end_whose_operator_cannot_be_stored_yet_waits()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await using var silo = ProgramOf("Silo", database);
        await silo.LineAsync("silo is ready");
        await ConfirmAsync(server, byStandby: "nobody");
        await using var frontEnd = ProgramOf("Api", database);

        await frontEnd.LineAsync("PostgreSQL cannot be used yet");
        await ConfirmAsync(server, byStandby: "");

        var url = new Uri((await frontEnd.LineAsync("BoxOffice is open at")).Split("open at ")[1]);
        Assert.NotNull((await Client.OperatorAsync(url)).Token);
    }

    [Fact]
    public async Task A_database_that_is_started_after_its_programs_is_waited_for()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await server.CrashAsync();
        await using var silo = ProgramOf("Silo", database);

        await silo.LineAsync("PostgreSQL cannot be used yet: it cannot be reached");
        await server.StartAsync();

        await silo.LineAsync("silo is ready");
    }

    [Fact]
    public Task Several_hosts_of_which_any_will_do() => AssertRefusesAsync(
        "Silo", "asks for Target Session Attributes=any", ("ConnectionStrings__boxoffice", "Host=one,two;Target Session Attributes=any"));

    [Fact]
    public async Task Of_several_hosts_that_need_not_all_live_the_primary_is_used()
    {
        var one = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        var several = $"Host=127.0.0.1:{ProgramProcess.FreePort()},127.0.0.1:{one.Port};Username={one.Username};Database={one.Database};Timeout=3";

        await using var host = await BoxOfficeHost.StartClusterAsync(several);

        var completed = new NpgsqlConnectionStringBuilder(PostgresConnections.Complete(several));
        Assert.Equal(("primary", 1), (completed.TargetSessionAttributes, completed.HostRecheckSeconds));
        Assert.Equal(HttpStatusCode.OK, (await (await Client.OperatorAsync(host.Url)).GetAsync("/admin/cluster")).Status);
    }

    [Fact]
    public async Task A_database_with_too_few_connections()
    {
        await using var server = await PostgresServer.StartNewAsync("max_connections=20");

        await AssertRefusesAsync("Silo", "PostgreSQL allows 17 connections, and this process takes up to 25", ("ConnectionStrings__boxoffice", await server.CreateDatabaseAsync()));
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

        await AssertRefusesAsync("Silo", "PostgreSQL", ("ConnectionStrings__boxoffice", pooler.ConnectionString));
    }

    [Fact]
    public async Task A_pooler_that_keeps_sessions_is_taken()
    {
        await using var pooler = await PgBouncer.StartAsync(await postgres.CreateDatabaseAsync(), "session");

        await using var host = await BoxOfficeHost.StartClusterAsync(pooler.ConnectionString);

        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 1 });
        Assert.Equal(HttpStatusCode.OK, (await (await boss.MembersAsync("ann", 1))[0].ReserveAsync("gala")).Status);
    }

    [Fact]
    public async Task A_setting_that_nobody_knows_is_a_warning()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("JournalWriter", "3"), ("Zzz", "1"));

        await host.Api.LineAsync("BoxOffice__JournalWriter is not a setting that this version knows, and is ignored: did you mean BoxOffice__JournalWriters?");
        await host.Api.LineAsync("BoxOffice__Zzz is not a setting that this version knows, and is ignored: see docs/operations.md.");
        Assert.DoesNotContain("BoxOffice__DrainDelay", host.Api.Output, StringComparison.Ordinal);
    }

    /// <summary>A commit waits for a standby of this name; without a name for none.</summary>
    private static async Task ConfirmAsync(PostgresServer server, string byStandby)
    {
        await server.ExecuteAsync("postgres", $"ALTER SYSTEM SET synchronous_standby_names = '{byStandby}'");
        await server.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
        await Wait.UntilAsync("it is in force", async () =>
            await server.AskAsync<string>("postgres", "SELECT current_setting('synchronous_standby_names')") == byStandby);
    }

    private static ProgramProcess ProgramOf(string program, string database)
    {
        var settings = EmbeddedIn("");
        settings.Remove("BoxOffice__DataDirectory");
        settings["ConnectionStrings__boxoffice"] = database;
        settings["BoxOffice__TokenKey"] = BoxOfficeHost.TokenKey;
        settings["BoxOffice__OperatorPassword"] = BoxOfficeHost.OperatorPassword;
        return ProgramProcess.Start(program, settings, program == "Api" ? ["--urls", "http://127.0.0.1:0"] : []);
    }

    private static Dictionary<string, string> EmbeddedIn(string directory) => new()
    {
        ["BoxOffice__DataDirectory"] = directory,
        ["BoxOffice__SiloPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        ["BoxOffice__GatewayPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
    };

    private static async Task<T> AskAsync<T>(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static string NameOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private static async Task InstallAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await PostgresSchema.InstallAsync(database);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static string NewDirectory() => Directory.CreateTempSubdirectory("boxoffice-startup-").FullName;

    private static async Task AssertRefusesAsync(string program, string expected, params (string Key, string Value)[] settings)
    {
        var environment = EmbeddedIn("");
        environment.Remove("BoxOffice__DataDirectory");
        foreach (var (key, value) in settings) environment[key] = value;
        await using var process = ProgramProcess.Start(program, environment);

        await process.ExitAsync();

        Assert.Contains(expected, process.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Single(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, process.ExitCode);
        foreach (var (_, value) in settings.Where(one => one.Key == "BoxOffice__DataDirectory" && one.Value.Contains("boxoffice-startup-", StringComparison.Ordinal)))
            Directory.Delete(value, recursive: true);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
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
        var environment = new Dictionary<string, string>
        {
            ["BoxOffice__SiloPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
            ["BoxOffice__GatewayPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        };
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

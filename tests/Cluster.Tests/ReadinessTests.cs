using System.Net;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Cluster.Tests;

/// <summary>
/// A front-end is ready only while the journal can be written. It reports the reason, and becomes ready again by
/// itself.
/// </summary>
public sealed class ReadinessTests(Journal.Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_embedded_store_whose_disk_is_full_is_not_ready_and_loses_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("boxoffice-full-").FullName;
        await using var disk = await SmallDisk.MountAsync(directory);
        var settings = Embedded(directory);
        await using (var api = ProgramProcess.Start("Api", settings, "--urls", "http://127.0.0.1:0"))
        {
            var url = new Uri((await api.LineAsync("BoxOffice is open at")).Split(' ')[^1]);
            var admin = await Client.OperatorAsync(url);
            await admin.PostAsync(
                "/admin/events", new { id = "gala", name = "Gala", capacity = 100_000, maxPerMember = 100_000 });
            var ann = (await admin.MembersAsync("ann", 1))[0];
            var sold = 0;

            await disk.FillAsync();
            await Wait.UntilAsync("nothing is sold", async () =>
            {
                var reply = await ann.ReserveAsync("gala");
                if (reply.Status == HttpStatusCode.OK) sold++;
                return reply.Status != HttpStatusCode.OK;
            }, Patience);
            await IsUnreadyAsync(url, "the journal cannot be written: the disk is full");
            disk.MakeRoom();
            await IsReadyAsync(url);
            await Wait.UntilAsync("it sells again", async () =>
            {
                if ((await ann.ReserveAsync("gala")).Status != HttpStatusCode.OK) return false;
                sold++;
                return true;
            }, Patience);

            var truth = (await admin.GetAsync("/admin/events/gala/reconcile")).Data;
            Assert.Equal(0, truth.GetProperty("drift").GetInt32());
            // one commit may have been stored and not acknowledged
            Assert.InRange(truth.GetProperty("confirmed").GetInt32(), sold, sold + 1);
            Assert.Single(api.Output.Split('\n'), line =>
                line.Contains("The journal cannot be written: the disk is full", StringComparison.Ordinal));
            await api.StopAsync();
        }
    }

    [Fact]
    public async Task An_embedded_store_whose_folder_is_gone_is_not_ready_and_sells_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("boxoffice-gone-").FullName;
        await using var api = ProgramProcess.Start("Api", Embedded(directory), "--urls", "http://127.0.0.1:0");
        var url = new Uri((await api.LineAsync("BoxOffice is open at")).Split(' ')[^1]);
        var admin = await Client.OperatorAsync(url);
        var ann = (await admin.MembersAsync("ann", 1))[0];
        await IsReadyAsync(url);

        Directory.Move(directory, directory + "-elsewhere");

        Assert.NotEqual(HttpStatusCode.OK, (await ann.ReserveAsync("1")).Status);
        await IsUnreadyAsync(url, "the journal cannot be reached");
        Directory.Move(directory + "-elsewhere", directory);
        await IsReadyAsync(url);
        await Wait.UntilAsync(
            "it sells again", async () => (await ann.ReserveAsync("1")).Status == HttpStatusCode.OK, Patience);
        await api.StopAsync();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Only the disk of the tables is full; the WAL has room.</summary>
    [Fact]
    public async Task A_database_whose_disk_is_full_makes_front_ends_unready_and_loses_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("boxoffice-tablespace-").FullName;
        await using var disk = await SmallDisk.MountAsync(directory, megabytes: 24, owner: "postgres");
        await using var server = await PostgresServer.StartNewAsync();
        await server.ExecuteAsync("postgres", $"CREATE TABLESPACE small LOCATION '{directory}'");
        await server.ExecuteAsync("postgres", "CREATE DATABASE small TABLESPACE small");
        var database = new NpgsqlConnectionStringBuilder(await server.CreateDatabaseAsync()) { Database = "small" };
        await using var host = await BoxOfficeHost.StartClusterAsync(database.ConnectionString);
        var admin = await Client.OperatorAsync(host.Url);
        await admin.PostAsync(
            "/admin/events", new { id = "gala", name = "Gala", capacity = 100_000, maxPerMember = 100_000 });
        var buyers = await admin.MembersAsync("ann", 10);
        var sold = 0;

        await disk.FillAsync();
        await Wait.UntilAsync("nothing is sold", async () =>
        {
            var replies = await Task.WhenAll(buyers.Select(buyer => buyer.ReserveAsync("gala")));
            sold += replies.Count(reply => reply.Status == HttpStatusCode.OK);
            return replies.All(reply => reply.Status != HttpStatusCode.OK);
        }, Patience);
        await IsUnreadyAsync(host.Url, "the journal cannot be written: the disk is full");
        disk.MakeRoom();
        await IsReadyAsync(host.Url);
        await Wait.UntilAsync(
            "it sells again", async () => (await buyers[0].ReserveAsync("gala")).Status == HttpStatusCode.OK, Patience);

        var truth = (await admin.GetAsync("/admin/events/gala/reconcile")).Data;
        Assert.Equal((0, sold + 1), (truth.GetProperty("drift").GetInt32(), truth.GetProperty("confirmed").GetInt32()));
    }

    [Fact]
    public async Task A_database_that_becomes_read_only_makes_front_ends_unready()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var host = await BoxOfficeHost.StartClusterAsync(await server.CreateDatabaseAsync());
        await IsReadyAsync(host.Url);

        await SetAsync(server, "default_transaction_read_only", "on");
        await IsUnreadyAsync(host.Url, "the journal cannot be written: it is read-only");
        await SetAsync(server, "default_transaction_read_only", "off");
        await IsReadyAsync(host.Url);
    }

    [Fact]
    public async Task A_database_without_a_connection_left_makes_front_ends_unready()
    {
        var owner = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        // connection limits do not count superusers
        await using var server = NpgsqlDataSource.Create(owner.ConnectionString);
        await ExecuteAsync(server,
            $"CREATE ROLE app_{owner.Database} LOGIN; ALTER DATABASE {owner.Database} OWNER TO app_{owner.Database}");
        var app = new NpgsqlConnectionStringBuilder(owner.ConnectionString) { Username = $"app_{owner.Database}" };
        await using var host = await BoxOfficeHost.StartClusterAsync(app.ConnectionString);
        var admin = await Client.OperatorAsync(host.Url);
        var ann = (await admin.MembersAsync("ann", 1))[0];
        await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 100, maxPerMember = 100 });
        Assert.Equal(HttpStatusCode.OK, (await ann.ReserveAsync("gala")).Status);

        await ExecuteAsync(server, $"ALTER DATABASE {owner.Database} CONNECTION LIMIT 0");
        await ExecuteAsync(
            server, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app_{owner.Database}'");
        await IsUnreadyAsync(host.Url, "the journal cannot be written: no connection is left");
        await ExecuteAsync(server, $"ALTER DATABASE {owner.Database} CONNECTION LIMIT -1");
        await IsReadyAsync(host.Url);

        await Wait.UntilAsync(
            "it sells again", async () => (await ann.ReserveAsync("gala")).Status == HttpStatusCode.OK, Patience);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static Dictionary<string, string> Embedded(string directory) =>
        TestSettings.With(("DataDirectory", directory));

    private static Task IsReadyAsync(Uri url) => Wait.UntilAsync(
        "it is ready", async () => (await new Client(url).GetAsync("/health")).Status == HttpStatusCode.OK, Patience);

    private static async Task IsUnreadyAsync(Uri url, string reason)
    {
        var last = "";
        await Wait.UntilAsync($"/health is 503 with '{reason}'", async () =>
        {
            var reply = await new Client(url).GetAsync("/health");
            last = reply.Text;
            return reply.Status == HttpStatusCode.ServiceUnavailable && last.Contains(reason, StringComparison.Ordinal);
        }, Patience);
    }

    private static async Task SetAsync(PostgresServer server, string name, string value)
    {
        await server.ExecuteAsync("postgres", $"ALTER SYSTEM SET {name} = {value}");
        await server.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
    }
}

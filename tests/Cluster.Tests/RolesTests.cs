using System.Net;
using BoxOffice.Grains.Schema;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Cluster.Tests;

/// <summary>The roles of <c>eng/database-roles.sql</c> may do what a sale needs, and no more.</summary>
public sealed class RolesTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task Silos_and_front_ends_work_with_separate_roles_and_neither_can_change_the_journal()
    {
        var owner = await postgres.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(owner);
        await PostgresSchema.InstallAsync(database);
        await ExecuteAsync(
            database, await File.ReadAllTextAsync(ProgramProcess.InRepository("eng/database-roles.sql")));
        await ExecuteAsync(database, """
            CREATE ROLE silo_login LOGIN IN ROLE boxoffice_silo;
            CREATE ROLE api_login LOGIN IN ROLE boxoffice_front_end
            """);
        var silo = new NpgsqlConnectionStringBuilder(owner) { Username = "silo_login" }.ConnectionString;
        var api = new NpgsqlConnectionStringBuilder(owner) { Username = "api_login" }.ConnectionString;

        await using (var cluster = await BoxOfficeCluster.StartAsync(
            silo, new(Silos: 2, FrontEnds: 1, FrontEndConnectionString: api)))
        {
            var admin = await Client.OperatorAsync(cluster.Urls[0]);
            await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 2 });
            var ann = (await admin.MembersAsync("ann", 1))[0];
            Assert.Equal(HttpStatusCode.OK, (await ann.ReserveAsync("gala")).Status);
            var signUp = await new Client(cluster.Urls[0]).PostAsync(
                "/member/signup", new { id = "bob", password = "see you at the show" });
            Assert.Equal(HttpStatusCode.Created, signUp.Status);
            var rehearsal = await admin.PostAsync("/admin/events/gala/rehearse", new { buyers = 10, rampSeconds = 0 });
            await Wait.UntilAsync("a rehearsal is done", async () =>
                (await admin.GetAsync(rehearsal.Header("Location")!)).Data.GetProperty("state").GetString() == "DONE");
        }

        Assert.Equal(0L, await CountAsync(database, "rehearsal_journal")); // a silo may delete a rehearsal's rows
        await AssertDeniedAsync(silo, "UPDATE reservation_journal SET quantity = 0");
        await AssertDeniedAsync(silo, "DELETE FROM reservation_journal");
        await AssertDeniedAsync(silo, "TRUNCATE reservation_journal");
        Assert.NotEqual(0L, await CountAsync(database, "operator_audit"));
        await AssertDeniedAsync(silo, "UPDATE operator_audit SET actor = ''");
        await AssertDeniedAsync(silo, "DELETE FROM operator_audit");
        await AssertDeniedAsync(silo, "TRUNCATE operator_audit");
        await AssertDeniedAsync(silo, "ALTER TABLE operator_audit DISABLE TRIGGER ALL");
        await AssertDeniedAsync(api, "SELECT * FROM operator_audit");
        await AssertDeniedAsync(api, "SELECT * FROM reservation_journal");
        await AssertDeniedAsync(api, "SELECT * FROM OrleansStorage");
        await AssertDeniedAsync(api, "DELETE FROM OrleansMembershipTable");
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string table)
    {
        await using var command = database.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task AssertDeniedAsync(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(database, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

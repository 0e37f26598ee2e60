using BoxOffice.Grains.Schema;
using Npgsql;

namespace BoxOffice.Cluster.Tests.Journal;

/// <summary>The installation of the schema in PostgreSQL.</summary>
public sealed class PostgresSchemaTests(Postgres postgres)
{
    [Fact]
    public async Task Eight_programs_that_install_the_schema_at_once_install_it_once()
    {
        var database = await postgres.CreateDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var source = NpgsqlDataSource.Create(database);
            await PostgresSchema.InstallAsync(source);
        }));

        await using var check = NpgsqlDataSource.Create(database);
        await using var versions = check.CreateCommand("SELECT count(*) FROM boxoffice_schema");
        Assert.Equal((long)SchemaScript.In("PostgreSql").Length, await versions.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_database_that_is_newer_than_the_program_is_refused()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await PostgresSchema.InstallAsync(source);
        await using var upgrade = source.CreateCommand(
            "INSERT INTO boxoffice_schema (version, name) VALUES (99, 'from the future')");
        await upgrade.ExecuteNonQueryAsync();

        var refusal = await Assert.ThrowsAsync<SchemaVersionException>(() => PostgresSchema.InstallAsync(source));

        Assert.Contains("99", refusal.Message, StringComparison.Ordinal);
    }
}

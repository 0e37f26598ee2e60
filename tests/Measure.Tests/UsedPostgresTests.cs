using BoxOffice.Measure.Comparison;
using Npgsql;

namespace BoxOffice.Measure.Tests;

public sealed class UsedPostgresTests
{
    [Fact]
    public async Task A_database_that_has_been_in_use_makes_no_new_log_files_while_somebody_sells()
    {
        await using var postgres = await UsedPostgres.StartAsync();
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        var before = await LogFilesAsync(database);

        await using var sell = database.CreateCommand(
            "SELECT count(pg_logical_emit_message(true, '', repeat('x', 1 << 20))) FROM generate_series(1, 100)");
        await sell.ExecuteNonQueryAsync();

        Assert.True(before.Length > 100 / 16, $"{before.Length} files");
        Assert.Equal(before, await LogFilesAsync(database));
    }

    private static async Task<string[]> LogFilesAsync(NpgsqlDataSource database)
    {
        await using var list = database.CreateCommand(
            "SELECT array_agg(name ORDER BY name) FROM pg_ls_waldir() WHERE length(name) = 24");
        return (string[])(await list.ExecuteScalarAsync())!;
    }
}

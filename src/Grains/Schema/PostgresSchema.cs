using Npgsql;

namespace BoxOffice.Grains.Schema;

/// <summary>Creates and upgrades the tables in PostgreSQL. Safe when several processes start at once.</summary>
public static class PostgresSchema
{
    // A fixed number that differs from other programs' locks in the same database.
    private const long InstallLock = 0x626F_786F_6666_6963;

    private const string ReadVersion = "SELECT COALESCE(max(version), 0) FROM boxoffice_schema";

    /// <summary>
    /// Brings the schema to this program's version, in one transaction under an advisory lock.
    /// Needs no right to create anything when the schema is there already.
    /// </summary>
    /// <exception cref="SchemaVersionException">The database is newer than this program.</exception>
    public static async Task InstallAsync(NpgsqlDataSource database, CancellationToken stop = default)
    {
        var all = SchemaScript.In("PostgreSql");
        await using var connection = await database.OpenConnectionAsync(stop);
        if (SchemaScript.Missing(all, await InstalledAsync(connection, stop), "PostgreSQL").Length == 0) return;

        await using var transaction = await connection.BeginTransactionAsync(stop);
        await ExecuteAsync($"SELECT pg_advisory_xact_lock({InstallLock})");
        await ExecuteAsync("""
            CREATE TABLE IF NOT EXISTS boxoffice_schema (
              version integer PRIMARY KEY, name text NOT NULL, installed_at timestamptz NOT NULL DEFAULT now())
            """);
        // Another process may have installed it while this one waited for the lock.
        foreach (var script in SchemaScript.Missing(all, await InstalledAsync(connection, stop), "PostgreSQL"))
        {
            await ExecuteAsync(script.Sql);
            await using var record = new NpgsqlCommand(
                "INSERT INTO boxoffice_schema (version, name) VALUES ($1, $2)", connection);
            record.Parameters.Add(new() { Value = script.Version });
            record.Parameters.Add(new() { Value = script.Name });
            await record.ExecuteNonQueryAsync(stop);
        }
        await transaction.CommitAsync(stop);

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    private static async Task<int> InstalledAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('boxoffice_schema') IS NOT NULL", connection);
        if (!(bool)(await exists.ExecuteScalarAsync(stop))!) return 0;
        await using var version = new NpgsqlCommand(ReadVersion, connection);
        return (int)(await version.ExecuteScalarAsync(stop))!;
    }
}

using Npgsql;

namespace BoxOffice.Grains.Journal;

/// <summary>Writes a tiny record to PostgreSQL, to learn whether a sale could be written.</summary>
internal static class PostgresProbe
{
    // A message in the write-ahead log: it needs no table, no right and no vacuum. It is forced to disk, and to a
    // synchronous standby, as a sale is. A standby has read-only transactions, too.
    private const string WriteRecord = """
        SELECT CASE WHEN current_setting('transaction_read_only') = 'off'
          THEN pg_logical_emit_message(true, 'boxoffice', 'probe') END IS NOT NULL
        """;

    // The log can have room when tables have none, for its files are reused. A new table needs a page from the disk.
    private const string MakeTable = "CREATE TEMP TABLE boxoffice_probe ON COMMIT DROP AS SELECT 1 AS one; ";

    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    /// <summary>Returns when a write would succeed; throws when not.</summary>
    /// <param name="database">The source of connections.</param>
    /// <param name="isThorough">
    /// After a failed sale: tests for space on the disk as well. Not each time, for a table costs rows in the
    /// catalogue.
    /// </param>
    public static async Task WriteAsync(NpgsqlDataSource database, bool isThorough)
    {
        await using var connection = await database.OpenConnectionAsync();
        var isDoubtful = false;
        // a standby did not confirm it
        connection.Notice += (_, notice) => isDoubtful |= notice.Notice.InvariantSeverity == "WARNING";
        if (isThorough && await MayMakeTablesAsync(connection)) await ExecuteAsync(connection, MakeTable);
        if (!await ExecuteAsync(connection, WriteRecord)) throw new NotAppliedException(StoreFailure.ReadOnly);
        if (isDoubtful) throw new NotAppliedException(StoreFailure.NoAnswer);
    }

    private static Task<bool> MayMakeTablesAsync(NpgsqlConnection connection) => ExecuteAsync(connection, """
        SELECT has_database_privilege(current_database(), 'TEMPORARY')
          AND current_setting('transaction_read_only') = 'off'
        """);

    private static async Task<bool> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)AnswerMax.TotalSeconds };
        return await command.ExecuteScalarAsync() is true;
    }
}

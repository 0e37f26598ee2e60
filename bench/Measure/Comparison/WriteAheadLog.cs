using Npgsql;

namespace BoxOffice.Measure.Comparison;

/// <summary>The log of a PostgreSQL server that nobody else uses.</summary>
internal sealed class WriteAheadLog(NpgsqlDataSource database)
{
    /// <summary>Bytes that were ever written to it.</summary>
    public async Task<double> BytesAsync() => (double)await AskAsync<decimal>("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')");

    /// <summary>
    /// How often it was forced to the disk. Each of the server's processes tells within ten seconds of its last work, so an
    /// answer that is needed sooner lacks a second of work at most.
    /// </summary>
    public Task<long> FlushesAsync() => AskAsync<long>("SELECT wal_sync FROM pg_stat_wal");

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

using Npgsql;

namespace BoxOffice.Measure.Comparison;

/// <summary>The WAL of a contestant's PostgreSQL server.</summary>
internal sealed class WriteAheadLog(NpgsqlDataSource database)
{
    /// <summary>All bytes written to the WAL.</summary>
    public async Task<double> BytesAsync() =>
        (double)await AskAsync<decimal>("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')");

    /// <summary>
    /// The number of flushes of the WAL. The server's processes report within 10 s of their last work; an earlier read
    /// lacks at most one second of work.
    /// </summary>
    public Task<long> FlushesAsync() => AskAsync<long>("SELECT wal_sync FROM pg_stat_wal");

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// PostgreSQL that has been in use for a while, as in production: it has log files that it can use again. A new one makes a
/// file of 16 MB, full of zeros and forced to disk, for every 70,000 sales, and everybody waits for that.
/// </summary>
internal static class UsedPostgres
{
    /// <summary>Log that was written before, and is kept to be used again: more than a comparison writes between two checkpoints.</summary>
    public const int ReadyMegabytes = 512;

    /// <summary>Starts it, with as many connections as anybody needs.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var postgres = await PostgresServer.StartNewAsync("max_connections=300", "min_wal_size=1GB");
        await postgres.ExecuteAsync("postgres", $"SELECT count(pg_logical_emit_message(false, '', repeat('x', 1 << 20))) FROM generate_series(1, {ReadyMegabytes})");
        await postgres.ExecuteAsync("postgres", "CHECKPOINT");
        return postgres;
    }
}

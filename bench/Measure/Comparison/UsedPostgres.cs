using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// PostgreSQL in the state of a used server: it has WAL files to recycle. A new server creates and flushes a file of 16
/// MB for every 70,000 sales, and all calls wait for that.
/// </summary>
internal static class UsedPostgres
{
    /// <summary>
    /// WAL files ready for recycling: more than a comparison writes between two checkpoints.
    /// </summary>
    public const int ReadyMegabytes = 512;

    /// <summary>Starts a server with enough connections for all contestants.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var postgres = await PostgresServer.StartNewAsync("max_connections=300", "min_wal_size=1GB");
        await postgres.ExecuteAsync("postgres",
            "SELECT count(pg_logical_emit_message(false, '', repeat('x', 1 << 20))) "
            + $"FROM generate_series(1, {ReadyMegabytes})");
        await postgres.ExecuteAsync("postgres", "CHECKPOINT");
        return postgres;
    }
}

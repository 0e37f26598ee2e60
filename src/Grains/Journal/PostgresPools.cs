using Npgsql;

namespace BoxOffice.Grains.Journal;

/// <summary>The connections of a journal to PostgreSQL: bounded pools, one for each purpose.</summary>
internal sealed class PostgresPools(string connectionString) : IAsyncDisposable
{
    // Unknown event ids and listings must not take the database's connections from the writers and the cluster.
    private const int ReadersMax = 6;

    // A refusal waits for the head, and the shop's health for the ping: neither queues behind long reads.
    private const int HeadReadersMax = 4;

    // Seconds for a connection, and for the answer.
    private const int HeadTimeout = 2;

    /// <summary>
    /// Reads and counts entries, snapshots and lists. The writer of rehearsals borrows one connection.
    /// </summary>
    public NpgsqlDataSource Readers { get; } = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { MinPoolSize = 0, MaxPoolSize = ReadersMax });

    /// <summary>Reads heads and probes the database, with a short timeout.</summary>
    public NpgsqlDataSource HeadReaders { get; } = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            MinPoolSize = 0,
            MaxPoolSize = HeadReadersMax,
            Timeout = HeadTimeout,
            CommandTimeout = HeadTimeout,
        });

    /// <summary>Connections of the writers, which keep theirs open.</summary>
    public NpgsqlDataSource Writers { get; } =
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });

    /// <summary>Most connections that one journal takes.</summary>
    public static int ConnectionsMax(BoxOfficeOptions options) => ReadersMax + HeadReadersMax + options.JournalWriters;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Writers.DisposeAsync();
        await HeadReaders.DisposeAsync();
        await Readers.DisposeAsync();
    }
}

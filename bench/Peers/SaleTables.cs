using Npgsql;

namespace BoxOffice.Peers;

/// <summary>The tables of p1 and p2: a row with each event's remaining tickets, and a row for each sale.</summary>
internal static class SaleTables
{
    // An arbitrary constant: two peers that start concurrently must not both create the tables.
    private const long CreateLock = 0x7065_6572;

    /// <summary>Creates missing tables.</summary>
    public static async Task CreateAsync(NpgsqlDataSource database)
    {
        // PostgreSQL updates a contended row in its page, without the index (HOT), while the page has room: so most of
        // it is kept free.
        await using var command = database.CreateCommand($"""
            SELECT pg_advisory_xact_lock({CreateLock});
            CREATE TABLE IF NOT EXISTS peer_event (
              id        text    PRIMARY KEY,
              capacity  integer NOT NULL,
              remaining integer NOT NULL CHECK (remaining BETWEEN 0 AND capacity)
            ) WITH (fillfactor = 10);
            CREATE TABLE IF NOT EXISTS peer_sale (
              event_id  text        NOT NULL,
              sequence  bigint      NOT NULL,
              member_id text        NOT NULL,
              sold_at   timestamptz NOT NULL DEFAULT now(),
              PRIMARY KEY (event_id, sequence)
            )
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Puts an event on sale, and deletes its earlier sales.</summary>
    public static async Task OpenEventAsync(this NpgsqlDataSource database, string eventId, int capacity)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("""
            INSERT INTO peer_event (id, capacity, remaining) VALUES ($1, $2, $2)
            ON CONFLICT (id) DO UPDATE SET capacity = excluded.capacity, remaining = excluded.remaining
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = eventId },
                new NpgsqlParameter<int> { TypedValue = capacity },
            },
        });
        batch.BatchCommands.Add(new("DELETE FROM peer_sale WHERE event_id = $1")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = eventId } },
        });
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>The remaining tickets and the number of stored sales; null when there is no such event.</summary>
    public static async Task<EventNumbers?> ReadNumbersAsync(this NpgsqlDataSource database, string eventId)
    {
        await using var command = database.CreateCommand("""
            SELECT capacity, remaining, (SELECT count(*) FROM peer_sale WHERE event_id = $1)
            FROM peer_event WHERE id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = eventId });
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? new(row.GetInt32(0), row.GetInt32(1), row.GetInt64(2), Durable: true) : null;
    }
}

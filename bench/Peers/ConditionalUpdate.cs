using Npgsql;

namespace BoxOffice.Peers;

/// <summary>
/// p1: the best that a database can do with one row. Decrement and insert are one prepared statement, one round trip
/// and one commit; the row is locked only while the statement runs and commits.
/// </summary>
internal sealed class ConditionalUpdate(NpgsqlDataSource database) : IPeer
{
    // The last line distinguishes sold out from an unknown event. It is not executed when a ticket was sold.
    private const string Sell = """
        WITH taken AS (
          UPDATE peer_event SET remaining = remaining - 1 WHERE id = $1 AND remaining >= 1
          RETURNING capacity - remaining AS sequence),
        sold AS (
          INSERT INTO peer_sale (event_id, sequence, member_id) SELECT $1, sequence, $2 FROM taken RETURNING sequence)
        SELECT sequence FROM sold
        UNION ALL
        SELECT 0 FROM peer_event WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM sold)
        """;

    public Task OpenAsync(string eventId, int capacity) => database.OpenEventAsync(eventId, capacity);

    public async ValueTask<Sale> ReserveAsync(string eventId, string memberId)
    {
        await using var command = database.CreateCommand(Sell);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = eventId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = memberId });
        return Sale.Of((long?)await command.ExecuteScalarAsync());
    }

    public Task<EventNumbers?> NumbersAsync(string eventId) => database.ReadNumbersAsync(eventId);
}

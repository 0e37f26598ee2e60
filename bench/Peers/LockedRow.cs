using Npgsql;

namespace BoxOffice.Peers;

/// <summary>
/// p2: the common implementation. Lock the row, read, decide in the program, write, commit: four round trips, and the
/// row is locked during all of them.
/// </summary>
internal sealed class LockedRow(NpgsqlDataSource database) : IPeer
{
    public Task OpenAsync(string eventId, int capacity) => database.OpenEventAsync(eventId, capacity);

    public async ValueTask<Sale> ReserveAsync(string eventId, string memberId)
    {
        await using var connection = await database.OpenConnectionAsync();
        // sent together with the first statement
        await using var transaction = await connection.BeginTransactionAsync();
        if (await LockAsync(connection, eventId) is not { } row) return Sale.EventNotFound;
        if (row.Remaining < 1) return Sale.SoldOut;

        await TakeAsync(connection, eventId);
        var sequence = row.Capacity - row.Remaining + 1;
        await InsertAsync(connection, eventId, sequence, memberId);
        await transaction.CommitAsync();
        return new(ReserveStatus.Reserved, sequence);
    }

    public Task<EventNumbers?> NumbersAsync(string eventId) => database.ReadNumbersAsync(eventId);

    private static async Task<(int Capacity, int Remaining)?> LockAsync(NpgsqlConnection connection, string eventId)
    {
        await using var command = new NpgsqlCommand(
            "SELECT capacity, remaining FROM peer_event WHERE id = $1 FOR UPDATE", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = eventId });
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? (row.GetInt32(0), row.GetInt32(1)) : null;
    }

    private static async Task TakeAsync(NpgsqlConnection connection, string eventId)
    {
        await using var command = new NpgsqlCommand(
            "UPDATE peer_event SET remaining = remaining - 1 WHERE id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = eventId });
        await command.ExecuteNonQueryAsync();
    }

    private static async Task InsertAsync(NpgsqlConnection connection, string eventId, long sequence, string memberId)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO peer_sale (event_id, sequence, member_id) VALUES ($1, $2, $3)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = eventId });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = memberId });
        await command.ExecuteNonQueryAsync();
    }
}

using System.Data;
using BoxOffice.Grains.Ledger;
using Npgsql;

namespace BoxOffice.Grains.Journal;

/// <summary>Parts of snapshots in PostgreSQL, over the connections that read the journal.</summary>
internal sealed class PostgresSnapshots(NpgsqlDataSource database) : ILedgerSnapshots
{
    /// <inheritdoc/>
    public async Task<SnapshotPart[]> PartsAsync(string eventId)
    {
        await using var command = database.Command(SnapshotSql.Parts, eventId);
        await using var rows = await command.ExecuteReaderAsync().ConfigureAwait(false);
        var parts = new List<SnapshotPart>();
        while (await rows.ReadAsync().ConfigureAwait(false)) parts.Add(SnapshotSql.ReadPart(rows));
        return [.. parts];
    }

    /// <inheritdoc/>
    public async Task<byte[]?> BytesAsync(string eventId, long sequence)
    {
        await using var command = database.Command(SnapshotSql.Bytes, eventId, sequence);
        // Sequential access reads the bytes from the socket into their array, without a buffer of the same size.
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess)
            .ConfigureAwait(false);
        if (!await rows.ReadAsync().ConfigureAwait(false)) return null;
        await using var data = await rows.GetStreamAsync(0).ConfigureAwait(false);
        var bytes = GC.AllocateUninitializedArray<byte>((int)data.Length);
        await data.ReadExactlyAsync(bytes).ConfigureAwait(false);
        return bytes;
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string eventId, SnapshotPart part, byte[] bytes)
    {
        await using var command = database.Command(SnapshotSql.Write, SnapshotSql.ValuesOf(eventId, part, bytes));
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string eventId, long from)
    {
        await using var command = database.Command(SnapshotSql.Delete, eventId, from);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }
}

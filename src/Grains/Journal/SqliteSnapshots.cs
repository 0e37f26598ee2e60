using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>Parts of snapshots in the file of the journal.</summary>
internal sealed class SqliteSnapshots(SqliteConnections database) : ILedgerSnapshots
{
    /// <inheritdoc/>
    public Task<SnapshotPart[]> PartsAsync(string eventId) => database.RunAsync(command =>
    {
        using var rows = command.ExecuteReader();
        var parts = new List<SnapshotPart>();
        while (rows.Read()) parts.Add(SnapshotSql.ReadPart(rows));
        return parts.ToArray();
    }, SnapshotSql.Parts, eventId);

    /// <inheritdoc/>
    public Task<byte[]?> BytesAsync(string eventId, long sequence) =>
        database.RunAsync(command => command.ExecuteScalar() as byte[], SnapshotSql.Bytes, eventId, sequence);

    /// <inheritdoc/>
    public Task WriteAsync(string eventId, SnapshotPart part, byte[] bytes) => database.RunAsync(
        command => command.ExecuteNonQuery(), SnapshotSql.Write, SnapshotSql.ValuesOf(eventId, part, bytes));

    /// <inheritdoc/>
    public Task DeleteAsync(string eventId, long from) =>
        database.RunAsync(command => command.ExecuteNonQuery(), SnapshotSql.Delete, eventId, from);
}

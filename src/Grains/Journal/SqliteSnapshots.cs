using BoxOffice.Grains.Ledger;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Grains.Journal;

/// <summary>Parts of snapshots in the file of the journal. SQLite is synchronous, so each call leaves the caller's scheduler first.</summary>
internal sealed class SqliteSnapshots(string connectionString) : ILedgerSnapshots
{
    /// <inheritdoc/>
    public Task<SnapshotPart[]> PartsAsync(string eventId) => With(SnapshotSql.Parts, command =>
    {
        using var rows = command.ExecuteReader();
        var parts = new List<SnapshotPart>();
        while (rows.Read()) parts.Add(SnapshotSql.ReadPart(rows));
        return parts.ToArray();
    }, eventId);

    /// <inheritdoc/>
    public Task<byte[]?> BytesAsync(string eventId, long sequence) =>
        With(SnapshotSql.Bytes, command => command.ExecuteScalar() as byte[], eventId, sequence);

    /// <inheritdoc/>
    public Task WriteAsync(string eventId, SnapshotPart part, byte[] bytes) =>
        With(SnapshotSql.Write, command => command.ExecuteNonQuery(), SnapshotSql.ValuesOf(eventId, part, bytes));

    /// <inheritdoc/>
    public Task DeleteAsync(string eventId, long from) => With(SnapshotSql.Delete, command => command.ExecuteNonQuery(), eventId, from);

    private async Task<T> With<T>(string sql, Func<SqliteCommand, T> run, params object[] values)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return run(command);
    }
}

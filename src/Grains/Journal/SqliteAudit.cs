using BoxOffice.Grains.Schema;

namespace BoxOffice.Grains.Journal;

/// <summary>The audit log in the file of the journal.</summary>
internal sealed class SqliteAudit(SqliteConnections database) : IAuditLog
{
    /// <inheritdoc/>
    public Task AppendAsync(AuditRecord record)
    {
        database.RequireFile();
        return database.RunAsync(
            command => command.ExecuteNonQuery(), $"PRAGMA synchronous = FULL; {AuditSql.Append}",
            AuditSql.ValuesOf(record));
    }

    /// <inheritdoc/>
    public Task<AuditEntry[]> ReadAsync(AuditQuery query) => database.RunAsync(command =>
    {
        using var rows = command.ExecuteReader();
        var page = new List<AuditEntry>();
        while (rows.Read()) page.Add(AuditSql.ReadEntry(rows, SqliteMoments.Nearest(rows.GetInt64(1))));
        return page.ToArray();
    }, AuditSql.PageOf(query), AuditSql.ValuesOf(query));
}

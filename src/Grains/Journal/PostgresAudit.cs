namespace BoxOffice.Grains.Journal;

/// <summary>
/// The audit log in PostgreSQL. It is written over the connections that read heads: an operator's call does not wait
/// behind long reads.
/// </summary>
internal sealed class PostgresAudit(PostgresPools pools) : IAuditLog
{
    /// <inheritdoc/>
    public async Task AppendAsync(AuditRecord record)
    {
        await using var command = pools.HeadReaders.Command(AuditSql.Append, AuditSql.ValuesOf(record));
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async Task<AuditEntry[]> ReadAsync(AuditQuery query)
    {
        await using var command = pools.Readers.Command(AuditSql.PageOf(query), AuditSql.ValuesOf(query));
        await using var rows = await command.ExecuteReaderAsync();
        var page = new List<AuditEntry>();
        while (await rows.ReadAsync()) page.Add(AuditSql.ReadEntry(rows, rows.GetFieldValue<DateTimeOffset>(1)));
        return [.. page];
    }
}

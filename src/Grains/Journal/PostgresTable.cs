using System.Data;
using System.Runtime.CompilerServices;
using BoxOffice.Grains.Ledger;
using Npgsql;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Reads and counts the entries of one table in PostgreSQL: that of sales, or that of rehearsal copies.
/// </summary>
internal abstract class PostgresTable(PostgresPools pools, JournalSql sql) : IJournalCounts
{
    private const int PageSize = 4_096;

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadAsync(
        string eventId, long after = 0, long upTo = long.MaxValue, CancellationToken stop = default) =>
        ReadPagesAsync(eventId, after, upTo, stop).OnePageAheadAsync(stop);

    /// <inheritdoc/>
    public async Task<JournalHead> HeadAsync(string eventId)
    {
        await using var command = pools.HeadReaders.Command(sql.Head, eventId);
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync()
            ? new(rows.GetInt64(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetString(2))
            : JournalHead.None;
    }

    /// <inheritdoc/>
    public async Task<JournalCount> CountAsync(string eventId, long upTo)
    {
        await using var command = pools.Readers.Command(sql.Count, eventId, upTo);
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return JournalSql.ReadCount(rows);
    }

    /// <inheritdoc/>
    public async Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo)
    {
        await using var command = pools.Readers.Command(sql.CountSequences, eventId, upTo);
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return (rows.GetInt64(0), rows.GetInt64(1));
    }

    private async IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadPagesAsync(
        string eventId, long after, long upTo, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var command = pools.Readers.Command(sql.Read, eventId, after, upTo);
        // Sequential access lets a page stream through a small buffer instead of being held twice.
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, stop)
            .ConfigureAwait(false);
        var page = new List<JournalEntry>(PageSize);
        while (await rows.ReadAsync(stop).ConfigureAwait(false))
        {
            page.Add(ReadEntry(rows));
            if (page.Count < PageSize) continue;
            yield return page;
            page = new(PageSize);
        }
        if (page.Count > 0) yield return page;
    }

    private static JournalEntry ReadEntry(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        (EntryKind)row.GetInt16(1),
        row.GetFieldValue<DateTimeOffset>(2),
        row.GetString(3),
        row.IsDBNull(4) ? null : row.GetString(4),
        row.GetInt32(5),
        row.IsDBNull(6) ? 0 : row.GetInt64(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
        JournalSql.ReadTerms(row, 8));
}

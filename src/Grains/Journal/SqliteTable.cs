using System.Runtime.CompilerServices;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>Reads and counts the entries of one table in SQLite: that of sales, or that of rehearsal copies.</summary>
internal abstract class SqliteTable(SqliteConnections database, JournalSql sql) : IJournalCounts
{
    private const int PageSize = 4_096;

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadAsync(
        string eventId, long after = 0, long upTo = long.MaxValue, CancellationToken stop = default) =>
        ReadPagesAsync(eventId, after, upTo, stop).OnePageAheadAsync(stop);

    /// <inheritdoc/>
    public Task<JournalHead> HeadAsync(string eventId) => database.RunAsync(command =>
    {
        using var rows = command.ExecuteReader();
        return rows.Read() ? SqliteRow.ReadHead(rows) : JournalHead.None;
    }, sql.Head, eventId);

    /// <inheritdoc/>
    public Task<JournalCount> CountAsync(string eventId, long upTo) => database.RunAsync(command =>
    {
        using var rows = command.ExecuteReader();
        rows.Read();
        return JournalSql.ReadCount(rows);
    }, sql.Count, eventId, upTo);

    /// <inheritdoc/>
    public Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo) =>
        database.RunAsync(command =>
        {
            using var rows = command.ExecuteReader();
            rows.Read();
            return (rows.GetInt64(0), rows.GetInt64(1));
        }, sql.CountSequences, eventId, upTo);

    private async IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadPagesAsync(
        string eventId, long after, long upTo, [EnumeratorCancellation] CancellationToken stop)
    {
        await SqliteConnections.LeaveSchedulerAsync();
        using var connection = database.Open();
        using var command = SqliteConnections.Command(connection, sql.ReadWithChecksum, eventId, after, upTo);
        using var rows = command.ExecuteReader();
        var page = new List<JournalEntry>(PageSize);
        while (rows.Read())
        {
            page.Add(SqliteRow.Read(rows, eventId));
            if (page.Count < PageSize) continue;
            yield return page;
            page = new(PageSize);
            stop.ThrowIfCancellationRequested();
            await SqliteConnections.LeaveSchedulerAsync();
        }
        if (page.Count > 0) yield return page;
    }
}

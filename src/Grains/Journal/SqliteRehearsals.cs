using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>Rehearsal copies in SQLite. They share the writer of sales: a file has one writer at a time.</summary>
internal sealed class SqliteRehearsals(SqliteConnections database, SqliteWriter writer) : IRehearsalJournal
{
    private readonly SqliteTable _table = new(database, JournalSql.Rehearsals);

    /// <inheritdoc/>
    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries) =>
        writer.AppendAsync(JournalSql.Rehearsals, eventId, after, entries);

    /// <inheritdoc/>
    public Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor) => Task.FromResult(-1L);

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadAsync(
        string eventId, long after = 0, long upTo = long.MaxValue, CancellationToken stop = default) =>
        _table.ReadAsync(eventId, after, upTo, stop);

    /// <inheritdoc/>
    public Task<JournalHead> HeadAsync(string eventId) => _table.HeadAsync(eventId);

    /// <inheritdoc/>
    public Task<JournalCount> CountAsync(string eventId, long upTo) => _table.CountAsync(eventId, upTo);

    /// <inheritdoc/>
    public Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo) =>
        _table.CountSequencesAsync(eventId, upTo);

    /// <inheritdoc/>
    public Task<string[]> RehearsalCopiesAsync() => database.IdsAsync(JournalSql.RehearsalCopies);

    /// <inheritdoc/>
    public Task DeleteRehearsalCopyAsync(string eventId) =>
        database.RunAsync(command => command.ExecuteNonQuery(), JournalSql.DeleteRehearsalCopy, eventId);
}

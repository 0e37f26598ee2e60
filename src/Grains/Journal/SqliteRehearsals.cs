using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>Rehearsal copies in SQLite. They share the writer of sales: a file has one writer at a time.</summary>
internal sealed class SqliteRehearsals(SqliteConnections database, SqliteWriter writer)
    : SqliteTable(database, JournalSql.Rehearsals), IRehearsalJournal
{
    private readonly SqliteConnections _database = database;

    /// <inheritdoc/>
    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries) =>
        writer.AppendAsync(JournalSql.Rehearsals, eventId, after, entries);

    /// <inheritdoc/>
    public Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor) => Task.FromResult(-1L);

    /// <inheritdoc/>
    public Task<string[]> RehearsalCopiesAsync() => _database.IdsAsync(JournalSql.RehearsalCopies);

    /// <inheritdoc/>
    public Task DeleteRehearsalCopyAsync(string eventId) =>
        _database.RunAsync(command => command.ExecuteNonQuery(), JournalSql.DeleteRehearsalCopy, eventId);
}

using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Rehearsal copies in PostgreSQL. Their one writer borrows a connection of the readers while it has something to
/// write.
/// </summary>
internal sealed class PostgresRehearsals(PostgresPools pools, PostgresWriters writer)
    : PostgresTable(pools, JournalSql.Rehearsals), IRehearsalJournal
{
    private readonly PostgresPools _pools = pools;

    /// <inheritdoc/>
    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries) =>
        writer.AppendAsync(eventId, after, entries);

    /// <inheritdoc/>
    public Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor) => Task.FromResult(-1L);

    /// <inheritdoc/>
    public Task<string[]> RehearsalCopiesAsync() => _pools.Readers.IdsAsync(JournalSql.RehearsalCopies);

    /// <inheritdoc/>
    public async Task DeleteRehearsalCopyAsync(string eventId)
    {
        await using var command = _pools.Readers.Command(JournalSql.DeleteRehearsalCopy, eventId);
        await command.ExecuteNonQueryAsync();
    }
}

using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Rehearsal copies in PostgreSQL. Their one writer borrows a connection of the readers while it has something to
/// write.
/// </summary>
internal sealed class PostgresRehearsals(PostgresPools pools, PostgresWriters writer) : IRehearsalJournal
{
    private readonly PostgresTable _table = new(pools, JournalSql.Rehearsals);

    /// <inheritdoc/>
    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries) =>
        writer.AppendAsync(eventId, after, entries);

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
    public Task<string[]> RehearsalCopiesAsync() => pools.Readers.IdsAsync(JournalSql.RehearsalCopies);

    /// <inheritdoc/>
    public async Task DeleteRehearsalCopyAsync(string eventId)
    {
        await using var command = pools.Readers.Command(JournalSql.DeleteRehearsalCopy, eventId);
        await command.ExecuteNonQueryAsync();
    }
}

using System.Threading.Channels;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Appends to one table of PostgreSQL. Each writer sends what gathered while it was busy, of all events, as one INSERT:
/// one round trip and one flush to disk for many reservations.
/// </summary>
internal sealed class PostgresWriters : IAsyncDisposable
{
    // Unbounded, yet bounded: one append for each event that this silo owns.
    private readonly Channel<PendingAppend> _appends = Channel.CreateUnbounded<PendingAppend>();
    private readonly ConnectionBreaks _breaks = new();
    private readonly NpgsqlDataSource _database;
    private readonly JournalSql _table;
    private readonly BoxOfficeOptions _options;
    private readonly WriteProof _proof;
    private readonly ILogger _logger;
    private Task _writers = Task.CompletedTask;

    public PostgresWriters(
        NpgsqlDataSource database, JournalSql table, BoxOfficeOptions options, WriteProof proof, ILogger logger) =>
        (_database, _table, _options, _proof, _logger) = (database, table, options, proof, logger);

    /// <summary>Starts the writers.</summary>
    /// <param name="count">How many.</param>
    /// <param name="idleMax">
    /// A writer that is idle for so long gives its connection back; null when it keeps it.
    /// </param>
    public void Start(int count, TimeSpan? idleMax = null) =>
        _writers = Task.WhenAll(Enumerable.Range(0, count).Select(_ => WriteLoopAsync(idleMax)));

    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        var append = new PendingAppend(_table, eventId, after, entries);
        if (!_appends.Writer.TryWrite(append)) append.End(AppendStatus.NotApplied);
        return append.Done;
    }

    /// <summary>Writes what waits, then ends the writers.</summary>
    public async ValueTask DisposeAsync()
    {
        _appends.Writer.TryComplete();
        await _writers;
    }

    private async Task WriteLoopAsync(TimeSpan? idleMax)
    {
        await using var session = new PostgresAppendSession(
            _database, _table, _options.AppendTimeout, _breaks, _logger);
        var batch = new List<PendingAppend>();
        while (await WaitAsync(session, idleMax).ConfigureAwait(false))
        {
            TakeWaiting(batch);
            await WriteAsync(session, batch).ConfigureAwait(false);
        }
    }

    private ValueTask<bool> WaitAsync(PostgresAppendSession session, TimeSpan? idleMax) =>
        idleMax is { } max ? WaitOrCloseAsync(session, max) : _appends.Reader.WaitToReadAsync();

    private async ValueTask<bool> WaitOrCloseAsync(PostgresAppendSession session, TimeSpan idleMax)
    {
        var next = _appends.Reader.WaitToReadAsync().AsTask();
        await ((Task)next).WaitAsync(idleMax).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!next.IsCompleted) await session.CloseAsync().ConfigureAwait(false);
        return await next.ConfigureAwait(false);
    }

    private void TakeWaiting(List<PendingAppend> batch)
    {
        batch.Clear();
        for (var rows = 0; rows < _options.BatchEntriesMax && _appends.Reader.TryRead(out var append);)
        {
            batch.Add(append);
            rows += append.Entries.Count;
        }
    }

    private async Task WriteAsync(PostgresAppendSession session, List<PendingAppend> batch)
    {
        if (batch.Count == 0) return; // another writer took it
        using var trace = Tracing.Begin("insert", batch.Select(append => append.Caller));
        var status = await session.WriteAsync(batch).ConfigureAwait(false);
        if (batch.Count > 1 && session.WasRejected)
        {
            // One event is at fault: its owner is not the owner any more. Everything was rolled back, so each half may
            // be sent again, and so on: one of a thousand events costs some twenty INSERTs instead of a thousand.
            var half = batch.Count / 2;
            await WriteAsync(session, batch[..half]).ConfigureAwait(false);
            await WriteAsync(session, batch[half..]).ConfigureAwait(false);
            return;
        }
        _proof.Note(status);
        foreach (var append in batch) append.End(status);
    }
}

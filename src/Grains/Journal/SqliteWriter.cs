using System.Collections.Concurrent;
using System.Diagnostics;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Appends to the journal's SQLite file, in a thread of its own, for Microsoft.Data.Sqlite is synchronous. It commits
/// what gathered, of all events and both tables, together: a file has one writer at a time.
/// </summary>
internal sealed partial class SqliteWriter : IDisposable
{
    private readonly SqliteConnections _database;
    private readonly WriteProof _proof;
    private readonly int _batchEntriesMax;
    private readonly ILogger _logger;

    // Unbounded, yet bounded: one append for each event.
    private readonly BlockingCollection<PendingAppend> _appends = [];
    private readonly Thread _thread;
    private bool _isDisposed;

    public SqliteWriter(SqliteConnections database, WriteProof proof, int batchEntriesMax, ILogger logger)
    {
        (_database, _proof, _batchEntriesMax, _logger) = (database, proof, batchEntriesMax, logger);
        _thread = new Thread(WriteLoop) { Name = "sqlite-journal", IsBackground = true };
        _thread.Start();
    }

    public Task<AppendStatus> AppendAsync(
        JournalSql table, string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        var append = new PendingAppend(table, eventId, after, entries);
        try
        {
            _appends.Add(append);
        }
        catch (InvalidOperationException)
        {
            append.End(AppendStatus.NotApplied); // the writer has stopped
        }
        return append.Done;
    }

    /// <summary>Writes what waits, then ends the thread. Repeating it does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        _appends.CompleteAdding();
        _thread.Join();
        _appends.Dispose();
    }

    private void WriteLoop()
    {
        var batch = new List<PendingAppend>();
        SqliteAppendSession? session = null;
        foreach (var first in _appends.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            for (var rows = first.Entries.Count; rows < _batchEntriesMax && _appends.TryTake(out var append);)
            {
                batch.Add(append);
                rows += append.Entries.Count;
            }
            session = Write(session, batch);
        }
        session?.Dispose();
    }

    /// <summary>
    /// Commits a batch and answers its owners. Returns the session to continue with: null after a failure.
    /// </summary>
    private SqliteAppendSession? Write(SqliteAppendSession? session, List<PendingAppend> batch)
    {
        try
        {
            using var trace = Tracing.Begin("insert", batch.Select(append => append.Caller));
            _database.RequireFile();
            session ??= new SqliteAppendSession(_database.OpenUnpooled());
            var begunAt = Stopwatch.GetTimestamp();
            session.Write(batch);
            _proof.Note(AppendStatus.Committed);
            SaleMetrics.Inserted(batch.Sum(append => append.Entries.Count), Stopwatch.GetElapsedTime(begunAt));
            return session;
        }
        catch (Exception e)
        {
            // Only a failed COMMIT leaves the outcome unknown: frames may be in the log although its flush failed.
            var status = session?.IsCommitting == true ? AppendStatus.Unknown : AppendStatus.NotApplied;
            LogFailed(e, status);
            _proof.Note(status);
            session?.Dispose();
            foreach (var append in batch) append.End(status);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An append to the journal failed: {Status}")]
    private partial void LogFailed(Exception exception, AppendStatus status);
}

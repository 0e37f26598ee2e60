using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// The journal in one SQLite file: the embedded store. Microsoft.Data.Sqlite is synchronous, so writing has a thread of
/// its own, which commits what gathered, of all events, together; reading leaves the grain's scheduler first.
/// </summary>
public sealed partial class SqliteJournal : IReservationJournal, IDisposable
{
    private const int PageSize = 4_096;
    private const int IndexedAtOnce = 1_000; // entries: a few milliseconds

    private readonly string _connectionString;
    private readonly string _file;
    private readonly int _batchEntriesMax;
    private readonly ILogger<SqliteJournal> _logger;

    // Unbounded, yet bounded: one append for each event.
    private readonly BlockingCollection<PendingAppend> _appends = [];
    private readonly Thread _writer;
    private readonly WriteProof _proof;
    private bool _isDisposed;

    /// <summary>Uses a file whose schema is installed.</summary>
    public SqliteJournal(string connectionString, IOptions<BoxOfficeOptions> options, ILogger<SqliteJournal> logger)
    {
        (_connectionString, _batchEntriesMax, _logger) = (connectionString, options.Value.BatchEntriesMax, logger);
        _file = new SqliteConnectionStringBuilder(connectionString).DataSource;
        _proof = new(_ => ProbeAsync(), TimeProvider.System, logger);
        Snapshots = new SqliteSnapshots(connectionString);
        _writer = new Thread(WriteLoop) { Name = "sqlite-journal", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Writes what waits, then ends the writer. Repeating it does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        _appends.CompleteAdding();
        _writer.Join();
        _appends.Dispose();
    }

    /// <inheritdoc/>
    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        var append = new PendingAppend(eventId, after, entries);
        try
        {
            _appends.Add(append);
        }
        catch (InvalidOperationException)
        {
            append.End(AppendStatus.NotApplied); // stopped: nobody will write it
        }
        return append.Done;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadAsync(
        string eventId, long after = 0, long upTo = long.MaxValue, CancellationToken stop = default) =>
        ReadPagesAsync(eventId, after, upTo, stop).OnePageAheadAsync(stop);

    /// <inheritdoc/>
    public async Task<JournalHead> HeadAsync(string eventId)
    {
        await Elsewhere();
        using var connection = Open();
        using var command = Command(connection, JournalSql.Of(eventId).Head, eventId);
        using var rows = command.ExecuteReader();
        return rows.Read() ? SqliteRow.ReadHead(rows) : JournalHead.None;
    }

    /// <inheritdoc/>
    public Task<DatabaseIdentity?> IdentityAsync() => Task.FromResult<DatabaseIdentity?>(null);

    /// <inheritdoc/>
    public Task<string[]> MissingAsync(IReadOnlyList<KeyValuePair<string, JournalHead>> heads) => Task.FromResult<string[]>([]);

    /// <inheritdoc/>
    public Task<string[]> EventsAsync(string after, int countMax) => ReadIdsAsync(JournalSql.Events, after, countMax);

    /// <inheritdoc/>
    public Task<string[]> EventsOfAsync(string memberId, int countMax) => ReadIdsAsync(JournalSql.EventsOf, memberId, countMax);

    /// <inheritdoc/>
    public async Task<long> IndexMembersAsync(string eventId, long upTo)
    {
        await Elsewhere();
        using var connection = Open();
        using var read = Command(connection, JournalSql.IndexedHead, eventId);
        var head = read.ExecuteScalar() as long? ?? 0;
        if (head >= upTo) return head;
        var next = Math.Min(upTo, head + IndexedAtOnce);
        using var transaction = connection.BeginTransaction(); // the writer waits for it
        using var gather = Command(connection, JournalSql.Gather, eventId, head, next);
        using var note = Command(connection, JournalSql.SetIndexedHead, eventId, next);
        gather.Transaction = note.Transaction = transaction;
        gather.ExecuteNonQuery();
        note.ExecuteNonQuery();
        transaction.Commit();
        return next;
    }

    /// <inheritdoc/>
    public async Task<JournalCount> CountAsync(string eventId, long upTo)
    {
        await Elsewhere();
        using var connection = Open();
        using var command = Command(connection, JournalSql.Of(eventId).Count, eventId, upTo);
        using var rows = command.ExecuteReader();
        rows.Read();
        return JournalSql.ReadCount(rows);
    }

    /// <inheritdoc/>
    public async Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo)
    {
        await Elsewhere();
        using var connection = Open();
        using var command = Command(connection, JournalSql.Of(eventId).CountSequences, eventId, upTo);
        using var rows = command.ExecuteReader();
        rows.Read();
        return (rows.GetInt64(0), rows.GetInt64(1));
    }

    /// <inheritdoc/>
    public async Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor)
    {
        await Elsewhere();
        using var connection = Open();
        using var transaction = connection.BeginTransaction(); // nobody else writes until it ends
        using (var find = Command(connection, JournalSql.Journal.Head, eventId))
        {
            find.Transaction = transaction;
            using var row = find.ExecuteReader();
            if (!row.Read() || SqliteRow.ReadHead(row) != last) return -1;
        }
        Run("UPDATE member_event_head SET seq = $2 WHERE event_id = $1 AND seq > $2", eventId, after);
        Run("""
            UPDATE installation SET rows_set_aside = rows_set_aside
              + COALESCE((SELECT max(seq) - $2 FROM reservation_journal WHERE event_id = $1), 0)
            """, eventId, after);
        Run($"""
            INSERT INTO journal_set_aside (
              set_aside_at, set_aside_by, event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms)
            SELECT unixepoch() * 1000000, $3, {JournalSql.ColumnNames} FROM reservation_journal WHERE event_id = $1 AND seq > $2
            """, eventId, after, actor);
        var count = Run("DELETE FROM reservation_journal WHERE event_id = $1 AND seq > $2", eventId, after);
        transaction.Commit();
        return count;

        int Run(string sql, params object[] values)
        {
            using var command = Command(connection, sql, values);
            command.Transaction = transaction;
            return command.ExecuteNonQuery();
        }
    }

    /// <summary>Parts of snapshots, in the same database.</summary>
    public ILedgerSnapshots Snapshots { get; }

    /// <inheritdoc/>
    public Task<string[]> RehearsalCopiesAsync() => ReadIdsAsync(JournalSql.RehearsalCopies);

    /// <inheritdoc/>
    public async Task DeleteRehearsalCopyAsync(string eventId)
    {
        await Elsewhere();
        using var connection = Open();
        using var command = Command(connection, JournalSql.DeleteRehearsalCopy, eventId);
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public Task PingAsync()
    {
        if (!File.Exists(_file)) _proof.Note(AppendStatus.Unknown); // a commit into it proved nothing
        return _proof.CheckAsync();
    }

    /// <summary>Writes one row again, and waits until that is durable, as for a sale.</summary>
    private async Task ProbeAsync()
    {
        await Elsewhere();
        RequireFile();
        using var connection = OpenUnpooled();
        using var command = Command(connection, """
            PRAGMA synchronous = FULL;
            INSERT INTO write_probe (one, at) VALUES (1, unixepoch()) ON CONFLICT (one) DO UPDATE SET at = excluded.at
            """);
        command.ExecuteNonQuery();
    }

    /// <summary>A file that was removed can still be written by who has it open, and nobody will ever read that.</summary>
    private void RequireFile()
    {
        if (!File.Exists(_file)) throw new FileNotFoundException("The journal's file is gone.");
    }

    /// <summary>Continues on the thread pool, so that a grain's thread does not wait for the disk.</summary>
    private static ConfiguredTaskAwaitable Elsewhere() =>
        Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private async IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadPagesAsync(
        string eventId, long after, long upTo, [EnumeratorCancellation] CancellationToken stop)
    {
        await Elsewhere();
        using var connection = Open();
        using var command = Command(connection, JournalSql.Of(eventId).ReadWithChecksum, eventId, after, upTo);
        using var rows = command.ExecuteReader();
        var page = new List<JournalEntry>(PageSize);
        while (rows.Read())
        {
            page.Add(SqliteRow.Read(rows, eventId));
            if (page.Count < PageSize) continue;
            yield return page;
            page = new(PageSize);
            stop.ThrowIfCancellationRequested();
            await Elsewhere();
        }
        if (page.Count > 0) yield return page;
    }

    private async Task<string[]> ReadIdsAsync(string sql, params object[] values)
    {
        await Elsewhere();
        using var connection = Open();
        using var command = Command(connection, sql, values);
        using var rows = command.ExecuteReader();
        var ids = new List<string>();
        while (rows.Read()) ids.Add(rows.GetString(0));
        return [.. ids];
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    /// <summary>A pooled connection would come back with the transaction that a failure left open.</summary>
    private SqliteConnection OpenUnpooled()
    {
        var connection = new SqliteConnection(_connectionString + ";Pooling=False");
        connection.Open();
        return connection;
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

    /// <summary>Commits a batch and tells its owners. Returns the session to go on with: null after trouble.</summary>
    private SqliteAppendSession? Write(SqliteAppendSession? session, List<PendingAppend> batch)
    {
        try
        {
            using var trace = Tracing.Begin("insert", batch.Select(append => append.Caller));
            RequireFile();
            session ??= new SqliteAppendSession(OpenUnpooled());
            var begunAt = Stopwatch.GetTimestamp();
            session.Write(batch);
            _proof.Note(AppendStatus.Committed);
            SaleMetrics.Inserted(batch.Sum(append => append.Entries.Count), Stopwatch.GetElapsedTime(begunAt));
            return session;
        }
        catch (Exception e)
        {
            // Only a failed COMMIT leaves a doubt: frames may be in the log although its flush failed.
            var status = session?.IsCommitting == true ? AppendStatus.Unknown : AppendStatus.NotApplied;
            LogFailed(e, status);
            _proof.Note(status);
            session?.Dispose();
            foreach (var append in batch) append.End(status);
            return null;
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params object[] values)
    {
        var command = new SqliteCommand(sql, connection);
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return command;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An append to the journal failed: {Status}")]
    private partial void LogFailed(Exception exception, AppendStatus status);
}

using BoxOffice.Grains.Ledger;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// The journal in one SQLite file: the embedded store. Rehearsal copies and snapshots are in the same file.
/// </summary>
internal sealed class SqliteJournal : SqliteTable, IReservationJournal, IDisposable
{
    private const int IndexedAtOnce = 1_000; // entries: a few milliseconds

    private readonly SqliteConnections _database;
    private readonly SqliteWriter _writer;
    private readonly WriteProof _proof;

    /// <summary>Uses a file whose schema is installed.</summary>
    public SqliteJournal(string connectionString, IOptions<BoxOfficeOptions> options, ILogger<SqliteJournal> logger)
        : this(new SqliteConnections(connectionString), options.Value, logger)
    {
    }

    private SqliteJournal(SqliteConnections database, BoxOfficeOptions options, ILogger<SqliteJournal> logger)
        : base(database, JournalSql.Journal)
    {
        _database = database;
        _proof = new(_ => ProbeAsync(), TimeProvider.System, logger);
        _writer = new(_database, _proof, options.BatchEntriesMax, logger);
        Rehearsals = new SqliteRehearsals(_database, _writer);
        Snapshots = new SqliteSnapshots(_database);
        Audit = new SqliteAudit(_database);
    }

    /// <summary>Rehearsal copies, in the same file.</summary>
    public IRehearsalJournal Rehearsals { get; }

    /// <summary>Parts of snapshots, in the same file.</summary>
    public ILedgerSnapshots Snapshots { get; }

    /// <summary>What operators did, in the same file.</summary>
    public IAuditLog Audit { get; }

    /// <summary>Writes what waits, then ends the writer. Repeating it does nothing.</summary>
    public void Dispose() => _writer.Dispose();

    /// <inheritdoc/>
    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries) =>
        _writer.AppendAsync(JournalSql.Journal, eventId, after, entries);

    /// <inheritdoc/>
    public async Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor)
    {
        await SqliteConnections.LeaveSchedulerAsync();
        using var connection = _database.Open();
        using var transaction = connection.BeginTransaction(); // no other writer until it ends
        using (var find = SqliteConnections.Command(connection, JournalSql.Journal.Head, eventId))
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
              set_aside_at, set_aside_by, event_id, seq, kind, decided_at, actor, idempotency_key, quantity,
              reservation_seq, expires_at, terms)
            SELECT unixepoch() * 1000000, $3, {JournalSql.ColumnNames}
            FROM reservation_journal WHERE event_id = $1 AND seq > $2
            """, eventId, after, actor);
        var count = Run("DELETE FROM reservation_journal WHERE event_id = $1 AND seq > $2", eventId, after);
        transaction.Commit();
        return count;

        int Run(string sql, params object[] values)
        {
            using var command = SqliteConnections.Command(connection, sql, values);
            command.Transaction = transaction;
            return command.ExecuteNonQuery();
        }
    }

    /// <inheritdoc/>
    public Task<string[]> EventsAsync(string after, int countMax) =>
        _database.IdsAsync(JournalSql.Events, after, countMax);

    /// <inheritdoc/>
    public Task<string[]> EventsOfAsync(string memberId, int countMax) =>
        _database.IdsAsync(MemberIndexSql.EventsOf, memberId, countMax);

    /// <inheritdoc/>
    public async Task<long> IndexMembersAsync(string eventId, long upTo)
    {
        await SqliteConnections.LeaveSchedulerAsync();
        using var connection = _database.Open();
        using var read = SqliteConnections.Command(connection, MemberIndexSql.Head, eventId);
        var head = read.ExecuteScalar() as long? ?? 0;
        if (head >= upTo) return head;
        var next = Math.Min(upTo, head + IndexedAtOnce);
        using var transaction = connection.BeginTransaction(); // the writer waits for it
        using var add = SqliteConnections.Command(connection, MemberIndexSql.Add, eventId, head, next);
        using var setHead = SqliteConnections.Command(connection, MemberIndexSql.SetHead, eventId, next);
        add.Transaction = setHead.Transaction = transaction;
        add.ExecuteNonQuery();
        setHead.ExecuteNonQuery();
        transaction.Commit();
        return next;
    }

    /// <inheritdoc/>
    public Task<DatabaseIdentity?> IdentityAsync() => Task.FromResult<DatabaseIdentity?>(null);

    /// <inheritdoc/>
    public Task<string[]> MissingAsync(IReadOnlyList<KeyValuePair<string, JournalHead>> heads) =>
        Task.FromResult<string[]>([]);

    /// <inheritdoc/>
    public Task PingAsync()
    {
        if (!_database.HasFile) _proof.Note(AppendStatus.Unknown); // a commit into a removed file proved nothing
        return _proof.CheckAsync();
    }

    /// <summary>Writes one row again, and waits until it is durable, as for a sale.</summary>
    private async Task ProbeAsync()
    {
        await SqliteConnections.LeaveSchedulerAsync();
        _database.RequireFile();
        using var connection = _database.OpenUnpooled();
        using var command = SqliteConnections.Command(connection, """
            PRAGMA synchronous = FULL;
            INSERT INTO write_probe (one, at) VALUES (1, unixepoch()) ON CONFLICT (one) DO UPDATE SET at = excluded.at
            """);
        command.ExecuteNonQuery();
    }
}

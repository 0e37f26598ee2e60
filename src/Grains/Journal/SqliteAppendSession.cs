using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Schema;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Grains.Journal;

/// <summary>The writer's connection, with its statements for either table prepared once.</summary>
internal sealed class SqliteAppendSession : IDisposable
{
    // https://sqlite.org/rescode.html
    private const int Constraint = 19;
    private const int ConstraintPrimaryKey = 1555;

    private readonly SqliteConnection _connection;
    private readonly TableCommands _sales;
    private readonly TableCommands _rehearsals;

    /// <summary>Takes over an open connection.</summary>
    public SqliteAppendSession(SqliteConnection connection)
    {
        _connection = connection;
        Execute("PRAGMA synchronous = FULL"); // an answer promises that the entry survives a power cut
        Execute("PRAGMA busy_timeout = 5000"); // SQLite retries within milliseconds, its provider after 150
        _sales = Prepare(JournalSql.Journal);
        _rehearsals = Prepare(JournalSql.Rehearsals);
    }

    /// <summary>True while the commit is under way: a failure then leaves the outcome unknown.</summary>
    public bool IsCommitting { get; private set; }

    /// <summary>
    /// Writes all appends in one transaction, and ends each. An event whose entries are rejected is left out as a
    /// whole; the others are written. Throws when the database fails; then no append was ended, and the session must
    /// not be used again.
    /// </summary>
    public void Write(IReadOnlyList<PendingAppend> appends)
    {
        Execute("BEGIN IMMEDIATE");
        var statuses = new AppendStatus[appends.Count];
        for (var i = 0; i < appends.Count; i++)
        {
            Execute("SAVEPOINT one_event");
            statuses[i] = InsertAll(appends[i]);
            if (statuses[i] != AppendStatus.Committed) Execute("ROLLBACK TO one_event");
            Execute("RELEASE one_event");
        }
        IsCommitting = true;
        Execute("COMMIT");
        IsCommitting = false;
        for (var i = 0; i < appends.Count; i++) appends[i].End(statuses[i]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sales.Dispose();
        _rehearsals.Dispose();
        _connection.Dispose();
    }

    private AppendStatus InsertAll(PendingAppend append)
    {
        try
        {
            var commands = append.Table == JournalSql.Rehearsals ? _rehearsals : _sales;
            if (!IsStored(append.After, append.EventId, commands.Find)) return AppendStatus.WentBack;
            foreach (var entry in append.Entries)
            {
                Bind(commands.Insert.Parameters, append.EventId, entry);
                commands.Insert.ExecuteNonQuery();
            }
            return AppendStatus.Committed;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Constraint)
        {
            return e.SqliteExtendedErrorCode == ConstraintPrimaryKey ? AppendStatus.Fenced : AppendStatus.NotApplied;
        }
    }

    private TableCommands Prepare(JournalSql sql) => new(
        Prepare($"""
            INSERT INTO {sql.Table} ({JournalSql.ColumnNames}, checksum)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """, parameters: 11),
        Prepare(
            $"SELECT 1 FROM {sql.Table} WHERE event_id = $1 AND seq = $2 AND decided_at = $3 AND actor = $4",
            parameters: 4));

    private SqliteCommand Prepare(string text, int parameters)
    {
        var command = new SqliteCommand(text, _connection);
        for (var i = 1; i <= parameters; i++) command.Parameters.Add(new SqliteParameter($"${i}", null));
        command.Prepare();
        return command;
    }

    private static bool IsStored(JournalHead predecessor, string eventId, SqliteCommand find)
    {
        if (predecessor == JournalHead.None) return true; // an event's first entry follows nothing
        find.Parameters[0].Value = eventId;
        find.Parameters[1].Value = predecessor.Sequence;
        find.Parameters[2].Value = SqliteMoments.Stored(predecessor.DecidedAt);
        find.Parameters[3].Value = predecessor.Actor;
        return find.ExecuteScalar() is not null;
    }

    private static void Bind(SqliteParameterCollection values, string eventId, in JournalEntry entry)
    {
        var decidedAt = SqliteMoments.Stored(entry.DecidedAt);
        long? reservation = entry.ReservationSequence == 0 ? null : entry.ReservationSequence;
        long? expiresAt = entry.ExpiresAt is { } moment ? SqliteMoments.Stored(moment) : null;
        var terms = TermsJson.Write(entry.Terms);
        values[0].Value = eventId;
        values[1].Value = entry.Sequence;
        values[2].Value = (long)entry.Kind;
        values[3].Value = decidedAt;
        values[4].Value = entry.Actor;
        values[5].Value = (object?)entry.Key ?? DBNull.Value;
        values[6].Value = entry.Quantity;
        values[7].Value = (object?)reservation ?? DBNull.Value;
        values[8].Value = (object?)expiresAt ?? DBNull.Value;
        values[9].Value = (object?)terms ?? DBNull.Value;
        values[10].Value = RowChecksum.Of(
            eventId, entry.Sequence, (long)entry.Kind, decidedAt, entry.Actor, entry.Key, entry.Quantity,
            reservation, expiresAt, terms);
    }

    private void Execute(string sql)
    {
        using var command = new SqliteCommand(sql, _connection);
        command.ExecuteNonQuery();
    }

    /// <summary>The statements for one table.</summary>
    private sealed record TableCommands(SqliteCommand Insert, SqliteCommand Find) : IDisposable
    {
        public void Dispose()
        {
            Insert.Dispose();
            Find.Dispose();
        }
    }
}

using System.Diagnostics;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// One writer's connection, with its INSERT into one table prepared once. Returns the outcome of each INSERT.
/// </summary>
internal sealed partial class PostgresAppendSession(
    NpgsqlDataSource database,
    JournalSql sql,
    TimeSpan timeout,
    ConnectionBreaks breaks,
    ILogger logger) : IAsyncDisposable
{
    private const int ColumnCount = 10;

    // One plan for all batches: PostgreSQL would plan each batch anew, because of the varying number of predecessors.
    // The plan may be made while the table is tiny; a sequential scan, kept while the table grows, would stop the sale.
    internal const string Settings = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off";

    // Named columns, sets of rows, one statement: the batch commits or fails as a whole, in one round trip. Arrays in a
    // select list are read in parallel; in FROM, PostgreSQL first materializes each, a sixth of a row's cost. Each
    // event's predecessor is looked up by a correlated count, which PostgreSQL does not turn into a join: one probe of
    // the primary key for each event.
    internal static string InsertText(JournalSql sql) => $"""
        INSERT INTO {sql.Columns}
        SELECT {string.Join(", ", Enumerable.Range(1, ColumnCount).Select(number => $"unnest(${number})"))}
        WHERE NOT EXISTS (
          SELECT FROM (
            SELECT unnest($11) AS event_id, unnest($12) AS seq,
              unnest($13) AS decided_at, unnest($14) AS actor) predecessor
          WHERE (
            SELECT count(*) FROM {sql.Table} stored
            WHERE stored.event_id = predecessor.event_id AND stored.seq = predecessor.seq
              AND stored.decided_at = predecessor.decided_at AND stored.actor = predecessor.actor) = 0)
        """;

    private readonly List<string> _eventIds = [];
    private readonly List<long> _sequences = [];
    private readonly List<short> _kinds = [];
    private readonly List<DateTime> _decidedAt = [];
    private readonly List<string> _actors = [];
    private readonly List<string?> _keys = [];
    private readonly List<int> _quantities = [];
    private readonly List<long?> _reservationSequences = [];
    private readonly List<DateTime?> _expiresAt = [];
    private readonly List<string?> _terms = [];

    private readonly List<string> _predecessorEventIds = [];
    private readonly List<long> _predecessorSequences = [];
    private readonly List<DateTime> _predecessorDecidedAt = [];
    private readonly List<string> _predecessorActors = [];

    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _insert;
    private int _breaksSeen;
    private bool _hasWarning;

    /// <summary>True when the server rejected the last INSERT and rolled it back: it had no effect.</summary>
    public bool WasRejected { get; private set; }

    /// <summary>Sends all entries as one statement. Never throws: every outcome has a status.</summary>
    public async Task<AppendStatus> WriteAsync(IReadOnlyList<PendingAppend> appends)
    {
        WasRejected = false;
        try
        {
            // When one connection broke, the others probably did too: a new one avoids an unknown outcome.
            if (_breaksSeen != breaks.Count) await CloseAsync().ConfigureAwait(false);
            if (_insert is null) await OpenAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogNotConnected(e);
            await CloseAsync().ConfigureAwait(false);
            return AppendStatus.NotApplied;
        }
        try
        {
            Fill(appends);
            _hasWarning = false;
            var begunAt = Stopwatch.GetTimestamp();
            var stored = await _insert!.ExecuteNonQueryAsync().ConfigureAwait(false);
            SaleMetrics.Inserted(_sequences.Count, Stopwatch.GetElapsedTime(begunAt));
            if (stored == 0)
            {
                WasRejected = true;
                return AppendStatus.WentBack; // of one event; the caller finds out which
            }
            if (!_hasWarning) return AppendStatus.Committed;
            // While COMMIT waits for a standby, a cancelled wait is reported as success with a warning (PostgreSQL,
            // 01000).
            LogWarned();
            await CloseAsync().ConfigureAwait(false);
            return AppendStatus.Unknown;
        }
        catch (PostgresException e) when (IsRolledBack(e.SqlState))
        {
            WasRejected = true;
            if (e.SqlState == PostgresErrorCodes.UniqueViolation) return AppendStatus.Fenced;
            LogFailed(e, AppendStatus.NotApplied);
            // the server may be read-only now, or have lost the prepared statement
            await CloseAsync().ConfigureAwait(false);
            return AppendStatus.NotApplied;
        }
        catch (Exception e)
        {
            LogFailed(e, AppendStatus.Unknown);
            breaks.Add();
            await CloseAsync().ConfigureAwait(false);
            return AppendStatus.Unknown;
        }
    }

    /// <summary>Gives the connection back; the next INSERT opens another.</summary>
    public async ValueTask CloseAsync()
    {
        if (_insert is not null) await _insert.DisposeAsync().ConfigureAwait(false);
        if (_connection is not null) await _connection.DisposeAsync().ConfigureAwait(false);
        (_insert, _connection) = (null, null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    /// <summary>
    /// True when the server itself says that the statement failed before its commit. A server that is going down
    /// (57P01, 57P02) or a broken connection (08) may have committed first.
    /// </summary>
    internal static bool IsRolledBack(string state) =>
        state is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
        || state[..2] is "22" or "23" or "25" or "26" or "28" or "3D" or "3F" or "42" or "53" or "54" or "0A";

    private async Task OpenAsync()
    {
        _breaksSeen = breaks.Count;
        _connection = await database.OpenConnectionAsync().ConfigureAwait(false);
        await using (var settings = new NpgsqlCommand(Settings, _connection))
            await settings.ExecuteNonQueryAsync().ConfigureAwait(false);
        _connection.Notice += (_, notice) => _hasWarning |= notice.Notice.InvariantSeverity == "WARNING";
        _insert = new NpgsqlCommand(InsertText(sql), _connection)
        {
            CommandTimeout = Math.Max(1, (int)timeout.TotalSeconds),
        };
        Add(NpgsqlDbType.Text, _eventIds);
        Add(NpgsqlDbType.Bigint, _sequences);
        Add(NpgsqlDbType.Smallint, _kinds);
        Add(NpgsqlDbType.TimestampTz, _decidedAt);
        Add(NpgsqlDbType.Text, _actors);
        Add(NpgsqlDbType.Text, _keys);
        Add(NpgsqlDbType.Integer, _quantities);
        Add(NpgsqlDbType.Bigint, _reservationSequences);
        Add(NpgsqlDbType.TimestampTz, _expiresAt);
        Add(NpgsqlDbType.Text, _terms);
        Add(NpgsqlDbType.Text, _predecessorEventIds);
        Add(NpgsqlDbType.Bigint, _predecessorSequences);
        Add(NpgsqlDbType.TimestampTz, _predecessorDecidedAt);
        Add(NpgsqlDbType.Text, _predecessorActors);
        await _insert.PrepareAsync().ConfigureAwait(false);

        void Add<T>(NpgsqlDbType type, List<T> column) =>
            _insert.Parameters.Add(new NpgsqlParameter<List<T>>
            {
                NpgsqlDbType = NpgsqlDbType.Array | type,
                TypedValue = column,
            });
    }

    private void Fill(IReadOnlyList<PendingAppend> appends)
    {
        Clear();
        foreach (var append in appends)
        {
            FillPredecessor(append);
            foreach (var entry in append.Entries)
            {
                _eventIds.Add(append.EventId);
                _sequences.Add(entry.Sequence);
                _kinds.Add((short)entry.Kind);
                _decidedAt.Add(entry.DecidedAt.UtcDateTime);
                _actors.Add(entry.Actor);
                _keys.Add(entry.Key);
                _quantities.Add(entry.Quantity);
                _reservationSequences.Add(entry.ReservationSequence == 0 ? null : entry.ReservationSequence);
                _expiresAt.Add(entry.ExpiresAt?.UtcDateTime);
                _terms.Add(TermsJson.Write(entry.Terms));
            }
        }
    }

    private void FillPredecessor(PendingAppend append)
    {
        if (append.After == JournalHead.None) return; // an event's first entry follows nothing
        _predecessorEventIds.Add(append.EventId);
        _predecessorSequences.Add(append.After.Sequence);
        _predecessorDecidedAt.Add(append.After.DecidedAt.UtcDateTime);
        _predecessorActors.Add(append.After.Actor!);
    }

    private void Clear()
    {
        _predecessorEventIds.Clear();
        _predecessorSequences.Clear();
        _predecessorDecidedAt.Clear();
        _predecessorActors.Clear();
        _eventIds.Clear();
        _sequences.Clear();
        _kinds.Clear();
        _decidedAt.Clear();
        _actors.Clear();
        _keys.Clear();
        _quantities.Clear();
        _reservationSequences.Clear();
        _expiresAt.Clear();
        _terms.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be reached. Nothing was written, and the "
        + "batch is answered \"not applied\"")]
    private partial void LogNotConnected(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "An append to the journal failed: {Status}")]
    private partial void LogFailed(Exception exception, AppendStatus status);

    [LoggerMessage(Level = LogLevel.Error, Message = "PostgreSQL warned during an append: a standby did not confirm "
        + "it. Whether it is durable is unknown")]
    private partial void LogWarned();
}

using System.Data;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// The journal in PostgreSQL. A few writers each send what gathered while they were busy, of all events, as one INSERT:
/// one round trip and one flush to disk for many reservations. A rehearsal has a writer of its own, with a connection of
/// the readers' while it sells.
/// </summary>
public sealed class PostgresJournal : IReservationJournal, IAsyncDisposable
{
    private const int PageSize = 4_096;
    private const int IndexedAtOnce = 10_000; // entries: some 20 ms; a member who stands in two parts costs a conflict

    // Made-up event ids and eager operators must not take the database's connections from the writers and the cluster.
    private const int ReadersMax = 6;

    // A refusal waits for the head, and the shop's being open for the ping: neither gets in line behind who reads much.
    private const int LookersMax = 4;

    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(2); // for a connection, and for the answer

    private static readonly TimeSpan RehearsalPauseMax = TimeSpan.FromSeconds(2); // then its writer gives the connection back

    private readonly NpgsqlDataSource _readers;
    private readonly NpgsqlDataSource _lookers;
    private readonly NpgsqlDataSource _writersOwn;
    private readonly BoxOfficeOptions _options;
    private readonly ILogger<PostgresJournal> _logger;

    // Unbounded, yet bounded: one append for each event that this silo owns.
    private readonly Channel<PendingAppend> _appends = Channel.CreateUnbounded<PendingAppend>();
    private readonly Channel<PendingAppend> _rehearsed = Channel.CreateUnbounded<PendingAppend>();
    private readonly ConnectionBreaks _breaks = new();
    private readonly WriteProof _proof;
    private readonly Task _writers;

    /// <summary>Most connections that one journal takes.</summary>
    internal static int ConnectionsMax(BoxOfficeOptions options) => ReadersMax + LookersMax + options.JournalWriters;

    /// <summary>Uses a database whose schema is installed.</summary>
    public PostgresJournal(string connectionString, IOptions<BoxOfficeOptions> options, ILogger<PostgresJournal> logger)
    {
        (_options, _logger) = (options.Value, logger);
        _readers = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MinPoolSize = 0, MaxPoolSize = ReadersMax });
        Snapshots = new PostgresSnapshots(_readers);
        _lookers = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            MinPoolSize = 0,
            MaxPoolSize = LookersMax,
            Timeout = (int)LookTimeout.TotalSeconds,
            CommandTimeout = (int)LookTimeout.TotalSeconds,
        });
        _writersOwn = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        _proof = new(ProbeAsync, TimeProvider.System, logger);
        _writers = Task.WhenAll(
            [.. Enumerable.Range(0, _options.JournalWriters).Select(_ => WriteSalesAsync()), WriteRehearsalsAsync()]);
    }

    /// <summary>Writes what waits, then ends the writers. Repeating it does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        _appends.Writer.TryComplete();
        _rehearsed.Writer.TryComplete();
        await _writers;
        await _writersOwn.DisposeAsync();
        await _lookers.DisposeAsync();
        await _readers.DisposeAsync();
    }

    /// <inheritdoc/>
    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries)
    {
        var append = new PendingAppend(eventId, after, entries);
        if (!(RehearsalCopy.Is(eventId) ? _rehearsed : _appends).Writer.TryWrite(append)) append.End(AppendStatus.NotApplied);
        return append.Done;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadAsync(
        string eventId, long after = 0, long upTo = long.MaxValue, CancellationToken stop = default) =>
        ReadPagesAsync(eventId, after, upTo, stop).OnePageAheadAsync(stop);

    /// <inheritdoc/>
    public async Task<JournalHead> HeadAsync(string eventId)
    {
        await using var command = _lookers.CreateCommand(JournalSql.Of(eventId).Head);
        command.Parameters.Add(new() { Value = eventId });
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync()
            ? new(rows.GetInt64(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetString(2))
            : JournalHead.None;
    }

    /// <inheritdoc/>
    public async Task<DatabaseIdentity?> IdentityAsync()
    {
        await using var command = _lookers.CreateCommand("""
            SELECT system_identifier::text, left(pg_walfile_name(pg_current_wal_lsn()), 8), pg_postmaster_start_time() FROM pg_control_system()
            """);
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return new(rows.GetString(0), rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2));
    }

    /// <inheritdoc/>
    public Task<string[]> MissingAsync(IReadOnlyList<KeyValuePair<string, JournalHead>> heads)
    {
        var command = _readers.CreateCommand("""
            SELECT event_id FROM unnest($1, $2, $3, $4) AS known (event_id, seq, decided_at, actor)
            WHERE (
              SELECT count(*) FROM reservation_journal stored
              WHERE stored.event_id = known.event_id AND stored.seq = known.seq
                AND stored.decided_at = known.decided_at AND stored.actor = known.actor) = 0
            """);
        command.Parameters.Add(new() { Value = heads.Select(head => head.Key).ToArray() });
        command.Parameters.Add(new() { Value = heads.Select(head => head.Value.Sequence).ToArray() });
        command.Parameters.Add(new() { Value = heads.Select(head => head.Value.DecidedAt.UtcDateTime).ToArray() });
        command.Parameters.Add(new() { Value = heads.Select(head => head.Value.Actor!).ToArray() });
        return ReadIdsAsync(command);
    }

    /// <inheritdoc/>
    public Task<string[]> EventsAsync(string after, int countMax) => ReadIdsAsync(Command(JournalSql.Events, after, countMax));

    /// <inheritdoc/>
    public Task<string[]> EventsOfAsync(string memberId, int countMax) =>
        ReadIdsAsync(Command(JournalSql.EventsOf, memberId, countMax));

    /// <inheritdoc/>
    public async Task<long> IndexMembersAsync(string eventId, long upTo)
    {
        await using var read = Command(JournalSql.IndexedHead, eventId);
        var head = await read.ExecuteScalarAsync() as long? ?? 0;
        if (head >= upTo) return head;
        var next = Math.Min(upTo, head + IndexedAtOnce);
        await using var both = _readers.CreateBatch(); // one transaction
        both.BatchCommands.Add(new(JournalSql.Gather) { Parameters = { new() { Value = eventId }, new() { Value = head }, new() { Value = next } } });
        both.BatchCommands.Add(new(JournalSql.SetIndexedHead) { Parameters = { new() { Value = eventId }, new() { Value = next } } });
        await both.ExecuteNonQueryAsync();
        return next;
    }

    /// <inheritdoc/>
    public async Task<JournalCount> CountAsync(string eventId, long upTo)
    {
        await using var command = Command(JournalSql.Of(eventId).Count, eventId, upTo);
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return JournalSql.ReadCount(rows);
    }

    /// <inheritdoc/>
    public async Task<(long Entries, long HeadSequence)> CountSequencesAsync(string eventId, long upTo)
    {
        await using var command = Command(JournalSql.Of(eventId).CountSequences, eventId, upTo);
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return (rows.GetInt64(0), rows.GetInt64(1));
    }

    /// <inheritdoc/>
    public async Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor)
    {
        await using var command = Command("SELECT set_journal_aside($1, $2, $3, $4, $5, $6)",
            eventId, after, last.Sequence, last.DecidedAt.UtcDateTime, last.Actor!, actor);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Parts of snapshots, in the same database.</summary>
    public ILedgerSnapshots Snapshots { get; }

    /// <inheritdoc/>
    public Task<string[]> RehearsalCopiesAsync() => ReadIdsAsync(Command(JournalSql.RehearsalCopies));

    /// <inheritdoc/>
    public async Task DeleteRehearsalCopyAsync(string eventId)
    {
        await using var command = Command(JournalSql.DeleteRehearsalCopy, eventId);
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public Task PingAsync() => _proof.CheckAsync();

    private Task ProbeAsync(bool hasDoubt) => PostgresProbe.WriteAsync(hasDoubt ? _writersOwn : _lookers, hasDoubt);

    private async IAsyncEnumerable<IReadOnlyList<JournalEntry>> ReadPagesAsync(
        string eventId, long after, long upTo, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var command = Command(JournalSql.Of(eventId).Read, eventId, after, upTo);
        // Sequential access lets a page stream through a small buffer instead of being held twice.
        await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, stop).ConfigureAwait(false);
        var page = new List<JournalEntry>(PageSize);
        while (await rows.ReadAsync(stop).ConfigureAwait(false))
        {
            page.Add(ReadEntry(rows));
            if (page.Count < PageSize) continue;
            yield return page;
            page = new(PageSize);
        }
        if (page.Count > 0) yield return page;
    }

    private async Task WriteSalesAsync()
    {
        await using var session = new PostgresAppendSession(_writersOwn, JournalSql.Journal, _options.AppendTimeout, _breaks, _logger);
        var batch = new List<PendingAppend>();
        while (await _appends.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            TakeWaiting(batch, _appends.Reader);
            await WriteAsync(session, batch).ConfigureAwait(false);
        }
    }

    private async Task WriteRehearsalsAsync()
    {
        await using var session = new PostgresAppendSession(_readers, JournalSql.Rehearsals, _options.AppendTimeout, new(), _logger);
        var batch = new List<PendingAppend>();
        while (true)
        {
            var next = _rehearsed.Reader.WaitToReadAsync().AsTask();
            await ((Task)next).WaitAsync(RehearsalPauseMax).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!next.IsCompleted) await session.CloseAsync().ConfigureAwait(false);
            if (!await next.ConfigureAwait(false)) return;
            TakeWaiting(batch, _rehearsed.Reader);
            await WriteAsync(session, batch).ConfigureAwait(false);
        }
    }

    private void TakeWaiting(List<PendingAppend> batch, ChannelReader<PendingAppend> appends)
    {
        batch.Clear();
        for (var rows = 0; rows < _options.BatchEntriesMax && appends.TryRead(out var append);)
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
        if (batch.Count > 1 && session.WasRefused)
        {
            // One event is at fault: its owner is not the owner any more. All was rolled back, so each half may go again, and so on: one
            // of a thousand events costs some twenty INSERTs and not a thousand, for which all would wait.
            var half = batch.Count / 2;
            await WriteAsync(session, batch[..half]).ConfigureAwait(false);
            await WriteAsync(session, batch[half..]).ConfigureAwait(false);
            return;
        }
        _proof.Note(status);
        foreach (var append in batch) append.End(status);
    }

    private static JournalEntry ReadEntry(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        (EntryKind)row.GetInt16(1),
        row.GetFieldValue<DateTimeOffset>(2),
        row.GetString(3),
        row.IsDBNull(4) ? null : row.GetString(4),
        row.GetInt32(5),
        row.IsDBNull(6) ? 0 : row.GetInt64(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
        JournalSql.ReadTerms(row, 8));

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = _readers.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    private static async Task<string[]> ReadIdsAsync(NpgsqlCommand query)
    {
        await using var command = query;
        await using var rows = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await rows.ReadAsync()) ids.Add(rows.GetString(0));
        return [.. ids];
    }
}

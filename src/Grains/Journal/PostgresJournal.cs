using BoxOffice.Grains.Ledger;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Journal;

/// <summary>The journal in PostgreSQL, and what shares its connections: rehearsal copies and snapshots.</summary>
internal sealed class PostgresJournal : PostgresTable, IReservationJournal, IAsyncDisposable
{
    // Entries: some 20 ms. A member who is in two parts costs a conflict.
    private const int IndexedAtOnce = 10_000;

    private static readonly TimeSpan RehearsalIdleMax = TimeSpan.FromSeconds(2);

    private readonly PostgresPools _pools;
    private readonly WriteProof _proof;
    private readonly PostgresWriters _writers;
    private readonly PostgresWriters _rehearsalWriter;

    /// <summary>Uses a database whose schema is installed.</summary>
    public PostgresJournal(string connectionString, IOptions<BoxOfficeOptions> options, ILogger<PostgresJournal> logger)
        : this(new PostgresPools(connectionString), options.Value, logger)
    {
    }

    private PostgresJournal(PostgresPools pools, BoxOfficeOptions options, ILogger<PostgresJournal> logger)
        : base(pools, JournalSql.Journal)
    {
        _pools = pools;
        _proof = new(ProbeAsync, TimeProvider.System, logger);
        _writers = new(_pools.Writers, JournalSql.Journal, options, _proof, logger);
        _rehearsalWriter = new(_pools.Readers, JournalSql.Rehearsals, options, _proof, logger);
        Rehearsals = new PostgresRehearsals(_pools, _rehearsalWriter);
        Snapshots = new PostgresSnapshots(_pools.Readers);
        Audit = new PostgresAudit(_pools);
        _writers.Start(options.JournalWriters);
        _rehearsalWriter.Start(count: 1, RehearsalIdleMax);
    }

    /// <summary>Rehearsal copies, in the same database.</summary>
    public IRehearsalJournal Rehearsals { get; }

    /// <summary>Parts of snapshots, in the same database.</summary>
    public ILedgerSnapshots Snapshots { get; }

    /// <summary>What operators did, in the same database.</summary>
    public IAuditLog Audit { get; }

    /// <summary>Writes what waits, then ends the writers. Repeating it does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writers.DisposeAsync();
        await _rehearsalWriter.DisposeAsync();
        await _pools.DisposeAsync();
    }

    /// <inheritdoc/>
    public Task<AppendStatus> AppendAsync(string eventId, JournalHead after, IReadOnlyList<JournalEntry> entries) =>
        _writers.AppendAsync(eventId, after, entries);

    /// <inheritdoc/>
    public async Task<long> SetAsideAsync(string eventId, long after, JournalHead last, string actor)
    {
        await using var command = _pools.Readers.Command("SELECT set_journal_aside($1, $2, $3, $4, $5, $6)",
            eventId, after, last.Sequence, last.DecidedAt.UtcDateTime, last.Actor!, actor);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public Task<string[]> EventsAsync(string after, int countMax) =>
        _pools.Readers.IdsAsync(JournalSql.Events, after, countMax);

    /// <inheritdoc/>
    public Task<string[]> EventsOfAsync(string memberId, int countMax) =>
        _pools.Readers.IdsAsync(MemberIndexSql.EventsOf, memberId, countMax);

    /// <inheritdoc/>
    public async Task<long> IndexMembersAsync(string eventId, long upTo)
    {
        await using var read = _pools.Readers.Command(MemberIndexSql.Head, eventId);
        var head = await read.ExecuteScalarAsync() as long? ?? 0;
        if (head >= upTo) return head;
        var next = Math.Min(upTo, head + IndexedAtOnce);
        await using var both = _pools.Readers.CreateBatch(); // one transaction
        both.BatchCommands.Add(new(MemberIndexSql.Add)
        {
            Parameters = { new() { Value = eventId }, new() { Value = head }, new() { Value = next } },
        });
        both.BatchCommands.Add(new(MemberIndexSql.SetHead)
        {
            Parameters = { new() { Value = eventId }, new() { Value = next } },
        });
        await both.ExecuteNonQueryAsync();
        return next;
    }

    /// <inheritdoc/>
    public async Task<DatabaseIdentity?> IdentityAsync()
    {
        await using var command = _pools.HeadReaders.CreateCommand("""
            SELECT system_identifier::text, left(pg_walfile_name(pg_current_wal_lsn()), 8), pg_postmaster_start_time()
            FROM pg_control_system()
            """);
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return new(rows.GetString(0), rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2));
    }

    /// <inheritdoc/>
    public Task<string[]> MissingAsync(IReadOnlyList<KeyValuePair<string, JournalHead>> heads) =>
        _pools.Readers.IdsAsync("""
            SELECT event_id FROM unnest($1, $2, $3, $4) AS known (event_id, seq, decided_at, actor)
            WHERE (
              SELECT count(*) FROM reservation_journal stored
              WHERE stored.event_id = known.event_id AND stored.seq = known.seq
                AND stored.decided_at = known.decided_at AND stored.actor = known.actor) = 0
            """,
            heads.Select(head => head.Key).ToArray(),
            heads.Select(head => head.Value.Sequence).ToArray(),
            heads.Select(head => head.Value.DecidedAt.UtcDateTime).ToArray(),
            heads.Select(head => head.Value.Actor!).ToArray());

    /// <inheritdoc/>
    public Task PingAsync() => _proof.CheckAsync();

    private Task ProbeAsync(bool hasDoubt) =>
        PostgresProbe.WriteAsync(hasDoubt ? _pools.Writers : _pools.HeadReaders, hasDoubt);
}

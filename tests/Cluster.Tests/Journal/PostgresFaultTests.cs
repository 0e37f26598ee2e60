using System.Text.Json;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Schema;
using BoxOffice.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BoxOffice.Cluster.Tests.Journal;

public sealed class PostgresFaultTests(Postgres postgres)
{
    [Fact]
    public async Task A_commit_whose_reply_is_lost_is_unknown_although_it_happened()
    {
        var direct = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await using var proxy = new LossyProxy(direct.Port);
        await using var journal = await OpenAsync(
            direct.ConnectionString,
            new NpgsqlConnectionStringBuilder(direct.ConnectionString) { Port = proxy.Port }.ConnectionString);
        await using var witness = Journal(direct.ConnectionString);
        await journal.AppendRunAsync("gala", 1, 1);

        proxy.SwallowsReplies = true;
        var status = await journal.AppendRunAsync("gala", 2, 3);
        proxy.SwallowsReplies = false;

        Assert.Equal(AppendStatus.Unknown, status);
        Assert.Equal(4, (await witness.AllAsync("gala")).Count);
        Assert.Equal(AppendStatus.Fenced, await journal.AppendRunAsync("gala", 2, 3));
        Assert.Equal(AppendStatus.Committed, await journal.AppendRunAsync("gala", 5, 1));
    }

    [Fact]
    public async Task After_the_server_ended_a_connection_the_next_append_uses_another()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await using var journal = await OpenAsync(database, database);
        await journal.AppendRunAsync("gala", 1, 1);

        await server.TerminateConnectionsAsync(new NpgsqlConnectionStringBuilder(database).Database!);
        var first = await journal.AppendRunAsync("gala", 2, 1);

        Assert.Equal(AppendStatus.Unknown, first); // the writer cannot tell this end from one in mid-commit
        Assert.Equal(AppendStatus.Committed, await journal.AppendRunAsync("gala", 2, 1));
    }

    [Fact]
    public async Task Without_the_database_nothing_is_applied_and_it_recovers_by_itself()
    {
        await using var server = await PostgresServer.StartNewAsync();
        var database = await server.CreateDatabaseAsync();
        await using var journal = await OpenAsync(database, database);
        await journal.AppendRunAsync("gala", 1, 1);

        await server.CrashAsync();
        await journal.AppendRunAsync("gala", 2, 1); // meets the broken connection: unknown
        var away = await journal.AppendRunAsync("gala", 2, 1);
        await server.StartAsync();
        var back = await journal.AppendRunAsync("gala", 2, 1);

        Assert.Equal((AppendStatus.NotApplied, AppendStatus.Committed), (away, back));
        Assert.Equal(2, (await journal.AllAsync("gala")).Count);
    }

    [Fact]
    public async Task The_head_of_an_event_that_is_newer_than_the_statistics_costs_a_few_pages_however_much_it_sold()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await PostgresSchema.InstallAsync(source);
        await using var sales = source.CreateCommand("""
            INSERT INTO reservation_journal (event_id, seq, kind, quantity, decided_at, actor)
            SELECT 'earlier', seq, 2, 1, now(), 'ann' FROM generate_series(1, 50000) seq;
            ANALYZE reservation_journal;
            INSERT INTO reservation_journal (event_id, seq, kind, quantity, decided_at, actor)
            SELECT 'gala', seq, 2, 1, now(), 'ann' FROM generate_series(1, 10000) seq;
            """);
        await sales.ExecuteNonQueryAsync();

        await using var head = source.CreateCommand(
            $"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {JournalSql.Journal.Head}");
        head.Parameters.Add(new() { Value = "gala" });
        using var told = JsonDocument.Parse((string)(await head.ExecuteScalarAsync())!);
        var plan = told.RootElement[0].GetProperty("Plan");
        var pages = plan.GetProperty("Shared Hit Blocks")
            .GetInt32() + plan.GetProperty("Shared Read Blocks").GetInt32();

        Assert.InRange(pages, 1, 10); // max(seq) read more than a hundred
    }

    [Fact]
    public async Task The_predecessors_of_a_batch_are_found_by_the_primary_key_also_after_the_table_has_grown()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await PostgresSchema.InstallAsync(source);
        await using (var journal = Journal(database))
        {
            // PostgreSQL keeps the plan of a prepared statement from its sixth execution on: here, that for a tiny
            // table.
            await journal.AppendRunAsync("gala", 1, 1);
            await using var analyze = source.CreateCommand("ANALYZE reservation_journal");
            await analyze.ExecuteNonQueryAsync();
            for (var i = 2; i <= 8; i++) await journal.AppendRunAsync("gala", i, 1);
            await using var sales = source.CreateCommand("""
                INSERT INTO reservation_journal (event_id, seq, kind, quantity, decided_at, actor)
                SELECT 'earlier', seq, 2, 1, now(), 'ann' FROM generate_series(1, 50000) seq
                """);
            await sales.ExecuteNonQueryAsync();
            for (var i = 9; i <= 18; i++) await journal.AppendRunAsync("gala", i, 1);
        }

        await using var counters = source.CreateCommand(
            "SELECT n_tup_ins, COALESCE(seq_tup_read, 0) "
            + "FROM pg_stat_user_tables WHERE relname = 'reservation_journal'");
        var read = long.MaxValue;
        await Wait.UntilAsync("PostgreSQL has counted all that was inserted", async () =>
        {
            await using var row = await counters.ExecuteReaderAsync();
            await row.ReadAsync();
            read = row.GetInt64(1);
            return row.GetInt64(0) == 50_018;
        });

        Assert.InRange(read, 0, 1_000); // one scan of the table reads 50,000 rows
    }

    [Fact]
    public async Task An_append_that_waits_for_a_lock_too_long_is_unknown()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await PostgresSchema.InstallAsync(source);
        await using var journal = Journal(database, new() { AppendTimeout = TimeSpan.FromSeconds(1) });
        await using var blocker = await source.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            "INSERT INTO reservation_journal (event_id, seq, kind, quantity, decided_at, actor) "
            + "VALUES ('gala', 1, 2, 1, now(), 'x')",
            blocker);
        await insert.ExecuteNonQueryAsync();

        var status = await journal.AppendRunAsync("gala", 1, 1);

        Assert.Equal(AppendStatus.Unknown, status);
    }

    [Fact]
    public async Task A_head_is_read_and_the_database_pinged_while_more_wait_to_read_than_there_are_connections()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await PostgresSchema.InstallAsync(source);
        await using var journal = Journal(database);
        await journal.AppendRunAsync("gala", 1, 3);
        await using var blocker = await source.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using var lockMembers = new NpgsqlCommand("LOCK TABLE member_event IN ACCESS EXCLUSIVE MODE", blocker);
        await lockMembers.ExecuteNonQueryAsync();
        var reads = Enumerable.Range(0, 20).Select(_ => journal.EventsOfAsync("ann", 10)).ToList();

        var head = await journal.HeadAsync("gala").WaitAsync(TimeSpan.FromSeconds(5));
        await journal.PingAsync().WaitAsync(TimeSpan.FromSeconds(5));
        var cameEarly = reads.Exists(read => read.IsCompleted);
        await transaction.RollbackAsync();
        await Task.WhenAll(reads);

        Assert.Equal((3, false), (head.Sequence, cameEarly));
    }

    [Fact]
    public async Task One_event_that_is_fenced_costs_the_others_of_its_transaction_a_few_transactions_and_not_one_each()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await PostgresSchema.InstallAsync(source);
        await using var journal = Journal(database, new() { JournalWriters = 1 });
        await journal.AppendRunAsync("event20", 1, 1); // so that its next is refused
        await using var blocker = await source.OpenConnectionAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using var lockJournal = new NpgsqlCommand("LOCK TABLE reservation_journal IN SHARE MODE", blocker);
        await lockJournal.ExecuteNonQueryAsync();
        var first = journal.AppendRunAsync("first", 1, 1); // waits, and those behind it gather

        var appends = Enumerable.Range(0, 64).Select(i => journal.AppendRunAsync($"event{i}", 1, 1)).ToList();
        await transaction.RollbackAsync();
        var statuses = await Task.WhenAll([first, .. appends]);
        await using var count = source.CreateCommand("SELECT count(DISTINCT xmin::text) FROM reservation_journal");

        Assert.Equal(21, Array.IndexOf(statuses, AppendStatus.Fenced));
        Assert.Equal(64, statuses.Count(status => status == AppendStatus.Committed));
        // event20 before, the first, and of 64 a half, a quarter, and so on
        Assert.InRange((long)(await count.ExecuteScalarAsync())!, 2, 2 + 7);
    }

    [Theory]
    [InlineData("23514", true)] // check_violation
    [InlineData("53100", true)] // disk_full
    [InlineData("42P01", true)] // undefined_table
    [InlineData("25006", true)] // read_only_sql_transaction
    [InlineData("40001", true)] // serialization_failure
    [InlineData("40P01", true)] // deadlock_detected
    [InlineData("57P01", false)] // admin_shutdown
    [InlineData("57P02", false)] // crash_shutdown
    [InlineData("57014", false)] // query_canceled
    [InlineData("08006", false)] // connection_failure
    [InlineData("40003", false)] // statement_completion_unknown
    [InlineData("XX000", false)] // internal_error
    public void Only_an_error_from_before_the_commit_is_taken_as_rolled_back(string state, bool isRolledBack) =>
        Assert.Equal(isRolledBack, PostgresAppendSession.IsRolledBack(state));

    private static async Task<PostgresJournal> OpenAsync(string install, string use)
    {
        await using var source = NpgsqlDataSource.Create(install);
        await PostgresSchema.InstallAsync(source);
        return Journal(use);
    }

    private static PostgresJournal Journal(string connectionString, Grains.BoxOfficeOptions? options = null) => new(
        connectionString,
        Options.Create(options ?? new() { JournalWriters = 1 }),
        NullLogger<PostgresJournal>.Instance);
}

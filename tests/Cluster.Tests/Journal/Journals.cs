using BoxOffice.Cluster.Tests.Journal;
using BoxOffice.Grains;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Schema;
using BoxOffice.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

[assembly: AssemblyFixture(typeof(Postgres))]

namespace BoxOffice.Cluster.Tests.Journal;

/// <summary>The PostgreSQL server that all tests share, started by the first that needs it.</summary>
public sealed class Postgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartNewAsync());

    public async Task<string> CreateDatabaseAsync() => await (await _server.Value).CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated) await (await _server.Value).DisposeAsync();
    }
}

/// <summary>The two real journals: every rule holds for both.</summary>
public enum Database
{
    PostgreSql,
    Sqlite,
}

/// <summary>An empty store, and journals that work on it: each as if it were in a process of its own.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly Database _database;
    private readonly string _connectionString;
    private readonly string? _directory;
    private readonly List<IReservationJournal> _journals = [];

    private Store(Database database, string connectionString, string? directory) =>
        (_database, _connectionString, _directory) = (database, connectionString, directory);

    public string ConnectionString => _connectionString;

    public static async Task<Store> CreateAsync(Database database, Postgres postgres)
    {
        if (database == Database.PostgreSql)
        {
            var connectionString = await postgres.CreateDatabaseAsync();
            await using var source = NpgsqlDataSource.Create(connectionString);
            await PostgresSchema.InstallAsync(source);
            return new(database, connectionString, null);
        }
        var directory = Directory.CreateTempSubdirectory("boxoffice-journal-").FullName;
        var file = $"Data Source={Path.Combine(directory, "journal.db")}";
        SqliteSchema.Install(file, "SqliteJournal");
        return new(database, file, directory);
    }

    public IReservationJournal Open(BoxOfficeOptions? options = null)
    {
        var given = Options.Create(options ?? new());
        IReservationJournal journal = _database == Database.PostgreSql
            ? new PostgresJournal(_connectionString, given, NullLogger<PostgresJournal>.Instance)
            : new SqliteJournal(_connectionString, given, NullLogger<SqliteJournal>.Instance);
        _journals.Add(journal);
        return journal;
    }

    /// <summary>The rehearsal copies in the database of a journal.</summary>
    public static IRehearsalJournal RehearsalsOf(IReservationJournal journal) =>
        journal is PostgresJournal postgres ? postgres.Rehearsals : ((SqliteJournal)journal).Rehearsals;

    /// <summary>The snapshots in the database of a journal.</summary>
    public static ILedgerSnapshots SnapshotsOf(IReservationJournal journal) =>
        journal is PostgresJournal postgres ? postgres.Snapshots : ((SqliteJournal)journal).Snapshots;

    public async ValueTask DisposeAsync()
    {
        foreach (var journal in _journals)
        {
            if (journal is IAsyncDisposable disposable) await disposable.DisposeAsync();
            else ((IDisposable)journal).Dispose();
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_directory is not null) Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>Entries for tests of the journal, which does not interpret them.</summary>
internal static class Entries
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, 123, 456, TimeSpan.Zero);

    public static JournalEntry Opened(int capacity = 1_000) =>
        new(1, EntryKind.Opened, Noon, "operator",
            Terms: new("Gala \"Ünïcode\" 🎫", capacity, 4, 600, Noon, Noon.AddDays(1)));

    public static JournalEntry Reserved(
        long sequence, string member, string? key = null, int quantity = 1, DateTimeOffset? expiresAt = null) =>
        new(sequence, EntryKind.Reserved, Noon, member, key, quantity, sequence, expiresAt);

    public static JournalEntry About(
        long sequence, EntryKind kind, string member, long reservation, int quantity = 1) =>
        new(sequence, kind, Noon, member, Quantity: quantity, ReservationSequence: reservation);

    /// <summary>A run of reservations with these sequences.</summary>
    public static JournalEntry[] Run(long first, int count, string member = "ann") =>
        [.. Enumerable.Range(0, count).Select(i => Reserved(first + i, member))];

    /// <summary>
    /// Appends as an owner does that knows the entry before; when that is missing, as an event's first.
    /// </summary>
    public static async Task<AppendStatus> AppendAsync(
        this IEventJournal journal, string eventId, IReadOnlyList<JournalEntry> entries)
    {
        var before = entries[0].Sequence - 1;
        var stored = before == 0 ? [] : await journal.AllAsync(eventId, before - 1, before);
        return await journal.AppendAsync(
            eventId, stored is [var predecessor] ? JournalHead.Of(predecessor) : JournalHead.None, entries);
    }

    /// <summary>Appends a run of Ann's reservations after earlier ones of hers.</summary>
    public static Task<AppendStatus> AppendRunAsync(
        this IEventJournal journal, string eventId, long first, int count) =>
        journal.AppendAsync(
            eventId, first == 1 ? JournalHead.None : JournalHead.Of(Reserved(first - 1, "ann")), Run(first, count));

    public static async Task<List<JournalEntry>> AllAsync(
        this IJournalReader journal, string eventId, long after = 0, long upTo = long.MaxValue)
    {
        var all = new List<JournalEntry>();
        await foreach (var page in journal.ReadAsync(eventId, after, upTo)) all.AddRange(page);
        return all;
    }
}

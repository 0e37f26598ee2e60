using System.Diagnostics;
using System.Globalization;
using BoxOffice.Grains;
using BoxOffice.Grains.Events;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Schema;
using BoxOffice.Grains.Snapshots;
using BoxOffice.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BoxOffice.Measure;

/// <summary>
/// Writes a large event to each journal and replays it as an activation does, without a snapshot and with one, and
/// measures the ledger's memory. <c>replay --entries 20000000</c> is ten minutes of one fast sale; <c>--held</c> sells
/// by hold and confirmation, two entries each.
/// </summary>
internal static class Replay
{
    private const string EventId = "large";
    private const int AppendEntries = 4_000;
    private const int LongEntries = 5_000_000; // their replay without a snapshot takes a minute

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(PostgresServer server, string[] args)
    {
        var entries = args.IndexOf("--entries") is >= 0 and var at
            ? int.Parse(args[at + 1], CultureInfo.InvariantCulture)
            : 1_000_000;
        var isHeld = args.Contains("--held");
        Console.WriteLine(
            "\n| journal | snapshot | entries | reservations | back in | processor time "
            + "| memory for 100,000 reservations |\n|---|---|---|---|---|---|---|");
        var options = Options.Create(new BoxOfficeOptions());
        var connectionString = await server.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await PostgresSchema.InstallAsync(database);
        var log = NullLogger<PostgresJournal>.Instance;
        await using (var postgres = new PostgresJournal(connectionString, options, log))
            await MeasureAsync("PostgreSQL", postgres, postgres.Snapshots, entries, isHeld);

        var directory = Directory.CreateTempSubdirectory("boxoffice-bench-").FullName;
        var file = $"Data Source={Path.Combine(directory, "journal.db")}";
        SqliteSchema.Install(file, "SqliteJournal");
        using (var sqlite = new SqliteJournal(file, options, NullLogger<SqliteJournal>.Instance))
            await MeasureAsync("SQLite", sqlite, sqlite.Snapshots, entries, isHeld);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    private static async Task MeasureAsync(
        string name, IEventJournal journal, ILedgerSnapshots snapshots, int entries, bool isHeld)
    {
        for (var first = 1; first <= entries; first += AppendEntries)
        {
            var count = Math.Min(AppendEntries, entries - first + 1);
            var after = first == 1 ? JournalHead.None : JournalHead.Of(Entry(first - 1, entries, isHeld));
            JournalEntry[] batch = [.. Enumerable.Range(first, count).Select(i => Entry(i, entries, isHeld))];
            if (await journal.AppendAsync(EventId, after, batch) != AppendStatus.Committed)
                throw new InvalidOperationException("The event could not be written.");
        }
        foreach (var _ in Enumerable.Range(0, entries > LongEntries ? 1 : 3))
            await BringBackAsync(name, "no", journal, snapshots);
        var taking = Stopwatch.StartNew();
        var options = new BoxOfficeOptions();
        var taken = 0L;
        for (var next = -1L; next != taken;)
        {
            taken = Math.Max(next, 0);
            next = await SnapshotTaker.TakeNextAsync(journal, snapshots, EventId, entries, options.SnapshotEntries);
        }
        taking.Stop();
        foreach (var _ in Enumerable.Range(0, 3)) await BringBackAsync(name, "yes", journal, snapshots);
        var parts = taken / options.SnapshotEntries;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {parts} parts were taken in {taking.Elapsed.TotalSeconds:F1} s, "
            + $"{taking.Elapsed.TotalMilliseconds / Math.Max(parts, 1):F0} ms each"));
    }

    private static async Task BringBackAsync(
        string name, string snapshot, IJournalReader journal, ILedgerSnapshots snapshots)
    {
        await Task.Yield(); // leaves the stack frame of the round before, which holds its ledger
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var processor = Environment.CpuUsage.TotalTime;
        var gate = new ReplayGate();
        var reading = Stopwatch.StartNew();
        var replay = new EventReplay(
            EventId, journal, snapshots, gate, new(), TimeProvider.System, NullLogger.Instance);
        var ledger = await replay.RunAsync(CancellationToken.None);
        reading.Stop();
        processor = Environment.CpuUsage.TotalTime - processor;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {snapshot} | {ledger.HeadSequence:N0} | {ledger.ReservationCount:N0} "
            + $"| {reading.Elapsed.TotalSeconds:F2} s | {processor.TotalSeconds:F2} s "
            + $"| {bytes * 100_000.0 / ledger.ReservationCount / (1 << 20):F1} MiB |"));
        GC.KeepAlive(ledger);
    }

    /// <summary>
    /// The entry at a sequence: the event's opening, then sales, each to another member, at once or by a hold that the
    /// next entry confirms.
    /// </summary>
    private static JournalEntry Entry(int sequence, int entries, bool isHeld)
    {
        var now = Noon.AddMicroseconds(sequence * 30L);
        var terms = new EventTerms("Large", entries, HoldSeconds: isHeld ? 600 : 0);
        if (sequence == 1) return new(1, EntryKind.Opened, now, "operator", Terms: terms);
        var sale = isHeld ? sequence / 2 * 2 : sequence;
        var member = $"member{sale}";
        return sale < sequence
            ? new(sequence, EntryKind.Confirmed, now, member, Quantity: 1, ReservationSequence: sale)
            : new(sequence, EntryKind.Reserved, now, member,
                sale.ToString("x32", CultureInfo.InvariantCulture), 1, sale, isHeld ? now.AddSeconds(600) : null);
    }
}

using System.Diagnostics;
using System.Globalization;
using BoxOffice.Grains;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Schema;
using BoxOffice.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BoxOffice.Measure;

/// <summary>Writes an event of a million reservations to each journal, replays it as an activation would, weighs the ledger.</summary>
internal static class Replay
{
    private const int Reservations = 1_000_000;

    public static async Task RunAsync(PostgresServer server)
    {
        var connectionString = await server.CreateDatabaseAsync();
        Console.WriteLine("\n| journal | round | entries | replayed in | memory for 100,000 reservations |\n|---|---|---|---|---|");
        var options = Options.Create(new BoxOfficeOptions());
        var directory = Directory.CreateTempSubdirectory("boxoffice-bench-").FullName;
        var file = $"Data Source={Path.Combine(directory, "journal.db")}";
        SqliteSchema.Install(file, "SqliteJournal");
        using (var sqlite = new SqliteJournal(file, options, NullLogger<SqliteJournal>.Instance)) await MeasureAsync("SQLite", sqlite);
        Directory.Delete(directory, recursive: true);

        await using var database = NpgsqlDataSource.Create(connectionString);
        await PostgresSchema.InstallAsync(database);
        await using var postgres = new PostgresJournal(connectionString, options, NullLogger<PostgresJournal>.Instance);
        await MeasureAsync("PostgreSQL", postgres);
    }

    private static async Task MeasureAsync(string name, IReservationJournal journal)
    {
        await WriteAsync(journal);
        foreach (var round in new[] { "first", "second", "third" })
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var reading = Stopwatch.StartNew();
            var ledger = new ReservationLedger();
            await foreach (var page in journal.ReadAsync("million"))
            {
                foreach (var entry in page) ledger.Replay(entry);
            }
            reading.Stop();
            var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {round} | {ledger.HeadSequence:N0} | {reading.Elapsed.TotalSeconds:F2} s | {bytes / 10.0 / (1 << 20):F1} MiB |"));
            GC.KeepAlive(ledger);
        }
    }

    private static async Task WriteAsync(IReservationJournal journal)
    {
        var (ledger, stored) = (new ReservationLedger(), JournalHead.None);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        ledger.Open(new("A million", Reservations), "operator", now);
        for (var i = 0; i < Reservations; i++)
        {
            ledger.Reserve(new($"member{i}", i.ToString("x32", CultureInfo.InvariantCulture), 1), now);
            if (i % 4_000 != 0 && i != Reservations - 1) continue;
            await journal.AppendAsync("million", stored, ledger.TakeUncommitted(10_000));
            stored = ledger.Head;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using BoxOffice.Grains;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

// Writes one event of a million reservations to each journal, replays it as an activation would, and weighs the ledger.
//   dotnet run --project bench/Replay -- [PostgreSQL connection string]
const int Reservations = 1_000_000;
var options = Options.Create(new BoxOfficeOptions());

var directory = Directory.CreateTempSubdirectory("boxoffice-bench-").FullName;
var file = $"Data Source={Path.Combine(directory, "journal.db")}";
SqliteSchema.Install(file, "SqliteJournal");
using (var sqlite = new SqliteJournal(file, options, NullLogger<SqliteJournal>.Instance)) await MeasureAsync("SQLite", sqlite);
Directory.Delete(directory, recursive: true);

if (args is [var connectionString])
{
    await using var database = NpgsqlDataSource.Create(connectionString);
    await PostgresSchema.InstallAsync(database);
    await using var postgres = new PostgresJournal(connectionString, options, NullLogger<PostgresJournal>.Instance);
    await MeasureAsync("PostgreSQL", postgres);
}

static async Task MeasureAsync(string name, IReservationJournal journal)
{
    var writing = Stopwatch.StartNew();
    var ledger = new ReservationLedger();
    var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    ledger.Open(new("A million", Reservations), "operator", now);
    for (var i = 0; i < Reservations; i++)
    {
        ledger.Reserve(new($"member{i}", i.ToString("x32", CultureInfo.InvariantCulture), 1), now);
        if (i % 4_000 == 0 || i == Reservations - 1) await journal.AppendAsync("million", ledger.TakeUncommitted(10_000));
    }
    writing.Stop();
    ledger = null;

    foreach (var round in new[] { "cold", "warm", "warm" })
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var reading = Stopwatch.StartNew();
        var replayed = new ReservationLedger();
        await foreach (var page in journal.ReadAsync("million"))
        {
            foreach (var entry in page) replayed.Replay(entry);
        }
        reading.Stop();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-10} {round}: {replayed.HeadSequence:N0} entries replayed in {reading.Elapsed.TotalSeconds:F2} s; {bytes / 10.0 / (1 << 20):F1} MiB for each 100,000 reservations with keys; written in {writing.Elapsed.TotalSeconds:F1} s"));
        GC.KeepAlive(replayed);
    }
}

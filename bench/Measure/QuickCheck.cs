using System.Diagnostics;
using System.Globalization;
using BoxOffice.Grains.Schema;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Measure;

/// <summary>The duration of the embedded store's integrity check at a start, by the number of its entries.</summary>
internal static class QuickCheck
{
    private const int Events = 100;

    public static Task RunAsync(int entries)
    {
        var directory = Directory.CreateTempSubdirectory("boxoffice-bench-").FullName;
        SqliteStore.Open(directory, wasStarted: false, say: _ => { });
        Fill(directory, entries);
        var file = new FileInfo(Path.Combine(directory, "journal.db"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{entries:N0} entries in {Events} events, journal.db has {file.Length >> 20:N0} MiB\n"));
        Console.WriteLine("| round | checked in |\n|---|---|");
        foreach (var round in new[] { "first", "second", "third" })
        {
            var checking = Stopwatch.StartNew();
            SqliteStore.Open(directory, wasStarted: false, say: _ => { });
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {round} | {checking.Elapsed.TotalSeconds:F2} s |"));
        }
        Directory.Delete(directory, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Stores sales with keys, as the pages send them.</summary>
    private static void Fill(string directory, int entries)
    {
        using var connection = new SqliteConnection(SqliteStore.JournalOf(directory) + ";Pooling=False");
        connection.Open();
        using var fill = new SqliteCommand(string.Create(CultureInfo.InvariantCulture, $"""
            PRAGMA synchronous = OFF;
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {entries / Events}),
              event (e) AS (SELECT 1 UNION ALL SELECT e + 1 FROM event WHERE e < {Events})
            INSERT INTO reservation_journal
              (event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq)
            SELECT 'event-' || printf('%03d', e), n, 2, 1800000000000000 + n, 'member-' || n,
              lower(hex(randomblob(16))), 1, n
            FROM event, number
            """), connection) { CommandTimeout = 0 };
        fill.ExecuteNonQuery();
    }
}

using System.Globalization;
using BoxOffice.Grains.Schema;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Grains.Tests.Store;

/// <summary>The folder of an embedded store, whose files a test can damage.</summary>
internal sealed class StoreFolder : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("boxoffice-store-").FullName;

    public string Journal => Path.Combine(Directory, "journal.db");

    public string Members => Path.Combine(Directory, "members.db");

    /// <summary>A store that was started once and has sold.</summary>
    public static StoreFolder Sold(int events = 3, int entries = 600)
    {
        var folder = new StoreFolder();
        folder.Open();
        folder.Sell(events, entries);
        folder.SignUp(50);
        return folder;
    }

    /// <summary>What a program does with the folder at its start.</summary>
    public SqliteStore Open(bool wasStarted = false, Action<string>? say = null) =>
        SqliteStore.Open(Directory, wasStarted, say ?? (_ => { }));

    public StartupException Refuses(bool wasStarted = false) => Assert.Throws<StartupException>(() => Open(wasStarted));

    /// <summary>Adds entries to events event-1, event-2 …, after those that they have.</summary>
    public void Sell(int events, int entries) => Execute(Journal, string.Create(CultureInfo.InvariantCulture, $"""
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {entries}),
          event (e) AS (SELECT 1 UNION ALL SELECT e + 1 FROM event WHERE e < {events})
        INSERT INTO reservation_journal (
          event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq)
        SELECT 'event-' || e,
          n + COALESCE((SELECT max(seq) FROM reservation_journal WHERE event_id = 'event-' || e), 0),
          2, 1800000000000000 + n, 'member-' || n, 'key-' || n, 1, n
        FROM event, number
        """));

    public void SignUp(int members) => Execute(Members, string.Create(CultureInfo.InvariantCulture, $"""
        WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {members})
        INSERT INTO OrleansStorage (
          GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainExt, ServiceId, ModifiedOn, Version)
        SELECT abs(random()), 0, 0, 1, 'member', 'member-' || abs(random()), 'boxoffice', 'now', 1 FROM number
        """));

    /// <summary>Every entry, as texts.</summary>
    public List<(string EventId, long Sequence, string Values)> Entries()
    {
        using var connection = Connect(Journal);
        using var command = new SqliteCommand("""
            SELECT event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms
            FROM reservation_journal ORDER BY event_id, seq
            """, connection);
        using var row = command.ExecuteReader();
        var all = new List<(string, long, string)>();
        while (row.Read())
        {
            var rest = Enumerable.Range(2, row.FieldCount - 2)
                .Select(i => Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture));
            all.Add((row.GetString(0), row.GetInt64(1), string.Join('|', rest)));
        }
        return all;
    }

    /// <summary>
    /// The store as a killed program leaves it: so many commits of one entry each are in its log only.
    /// </summary>
    public static StoreFolder Killed(int commits)
    {
        using var alive = Sold();
        var killed = new StoreFolder();
        using var connection = Connect(alive.Journal);
        using (var keep = new SqliteCommand("PRAGMA wal_autocheckpoint = 0", connection)) keep.ExecuteNonQuery();
        for (var i = 0; i < commits; i++)
        {
            using var sell = new SqliteCommand(string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO reservation_journal (event_id, seq, kind, decided_at, actor, quantity, reservation_seq)
                VALUES ('event-1', {601 + i}, 2, 1800000000000000, 'member-{i}', 1, {601 + i})
                """), connection);
            sell.ExecuteNonQuery();
        }
        foreach (var file in (string[])["journal.db", "journal.db-wal", "members.db"])
            File.Copy(Path.Combine(alive.Directory, file), Path.Combine(killed.Directory, file));
        return killed;
    }

    public static void Execute(string file, string sql)
    {
        using var connection = Connect(file);
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public static object? Ask(string file, string sql)
    {
        using var connection = Connect(file);
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}

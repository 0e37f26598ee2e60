using BoxOffice.Grains;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BoxOffice.Cluster.Tests.Journal;

/// <summary>Rows that a disk changed, and databases of earlier versions.</summary>
public sealed class JournalFileTests(Postgres postgres)
{
    [Theory]
    [InlineData("event_id = 'other'")]
    [InlineData("kind = 3")]
    [InlineData("decided_at = decided_at + 1")]
    [InlineData("decided_at = 9223372036854775807")]
    [InlineData("decided_at = 900000000000000000")]
    [InlineData("actor = 'anm'")]
    [InlineData("idempotency_key = NULL")]
    [InlineData("quantity = 3")]
    [InlineData("reservation_seq = NULL")]
    [InlineData("expires_at = 0")]
    [InlineData("terms = 'x'")]
    [InlineData("checksum = checksum + 1")]
    public async Task A_row_of_the_file_that_differs_from_what_was_written_is_detected(string change)
    {
        await using var store = await Store.CreateAsync(Database.Sqlite, postgres);
        var journal = store.Open();
        JournalEntry[] written = [Entries.Opened(), Entries.Reserved(2, "ann", "key", 2), Entries.Reserved(3, "bob")];
        await journal.AppendAsync("gala", written);
        await using (var connection = new SqliteConnection(store.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = new SqliteCommand(
                $"UPDATE reservation_journal SET {change} WHERE seq = 2", connection);
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        var changed = await journal.AllAsync(
            change.StartsWith("event_id", StringComparison.Ordinal) ? "other" : "gala");

        Assert.Equal(EntryKind.Damaged, Assert.Single(changed, entry => entry.Sequence == 2).Kind);
        Assert.DoesNotContain(changed, entry => entry.Sequence != 2 && entry.Kind == EntryKind.Damaged);
        Assert.InRange((await journal.HeadAsync(changed[0].Sequence == 2 ? "other" : "gala")).Sequence, 2, 3);
    }

    [Fact]
    public async Task A_file_of_an_earlier_version_keeps_its_entries()
    {
        var directory = Directory.CreateTempSubdirectory("boxoffice-journal-").FullName;
        var file = $"Data Source={Path.Combine(directory, "journal.db")};Pooling=False";
        await using (var connection = new SqliteConnection(file))
        {
            await connection.OpenAsync();
            await using var first = new SqliteCommand(SchemaScript.In("SqliteJournal")[0].Sql + """
                ; PRAGMA user_version = 1;
                INSERT INTO reservation_journal VALUES ('gala', 1, 2, 5, 'ann', 'key-1', 3, 1, 7, NULL)
                """, connection);
            await first.ExecuteNonQueryAsync();
        }

        SqliteSchema.Install(file, "SqliteJournal");

        using var journal = new SqliteJournal(
            file, Options.Create(new BoxOfficeOptions()), NullLogger<SqliteJournal>.Instance);
        var expiresAt = DateTimeOffset.UnixEpoch.AddMicroseconds(7);
        var kept = Entries.Reserved(1, "ann", "key-1", 3, expiresAt) with
        {
            DecidedAt = DateTimeOffset.UnixEpoch.AddMicroseconds(5),
        };
        Assert.Equal([kept], await journal.AllAsync("gala"));
        Assert.Equal(["gala"], await journal.EventsOfAsync("ann", 10));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_database_of_an_earlier_version_knows_who_reserved()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        var earlier = SchemaScript.In("PostgreSql").Where(script => script.Version <= 5).ToList();
        await ExecuteAsync(
            "CREATE TABLE boxoffice_schema ("
            + "version integer PRIMARY KEY, name text NOT NULL, installed_at timestamptz NOT NULL DEFAULT now())");
        foreach (var script in earlier)
        {
            await ExecuteAsync(script.Sql);
            await ExecuteAsync(
                $"INSERT INTO boxoffice_schema (version, name) VALUES ({script.Version}, '{script.Name}')");
        }
        await ExecuteAsync("""
            INSERT INTO reservation_journal (event_id, seq, kind, quantity, decided_at, actor)
            VALUES ('gala', 1, 1, 0, now(), 'boss'), ('gala', 2, 2, 1, now(), 'ann')
            """);

        await PostgresSchema.InstallAsync(database);

        await using var gathered = database.CreateCommand(
            "SELECT member_id || ' ' || seq FROM member_event JOIN member_event_head USING (event_id)");
        Assert.Equal("ann 2", await gathered.ExecuteScalarAsync());

        async Task ExecuteAsync(string sql)
        {
            await using var command = database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}

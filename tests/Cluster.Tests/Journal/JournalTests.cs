using BoxOffice.Grains;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BoxOffice.Cluster.Tests.Journal;

public sealed class JournalTests(Postgres postgres)
{
    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task Entries_come_back_in_order_and_exactly_as_they_were(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        JournalEntry[] entries =
        [
            Entries.Opened(),
            Entries.Reserved(2, "ann", "key-1", 3, Entries.Noon.AddMinutes(10)),
            Entries.About(3, EntryKind.Confirmed, "ann", 2, 3),
            Entries.Reserved(4, "bob@example.com"),
            Entries.About(5, EntryKind.Cancelled, "ann", 2, 3),
            new(6, EntryKind.Paused, Entries.Noon.AddTicks(10), "operator"),
            new(7, EntryKind.Changed, Entries.Noon.AddTicks(20), "operator", Terms: new("Without a window", 5)),
        ];

        var status = await store.Open().AppendAsync("gala", entries);
        var stored = await store.Open().AllAsync("gala");

        Assert.Equal(AppendStatus.Committed, status);
        Assert.Equal(entries, stored);
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task An_entry_of_every_kind_can_be_stored(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        // which is read, and never written
        var kinds = Enum.GetValues<EntryKind>().Where(kind => kind != EntryKind.Damaged);

        var status = await store.Open()
            .AppendAsync("gala", [.. kinds.Select((kind, i) => Entries.About(i + 1, kind, "ann", 0))]);

        Assert.Equal(AppendStatus.Committed, status);
        Assert.Equal(kinds, (await store.Open().AllAsync("gala")).Select(entry => entry.Kind));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task Reading_begins_and_ends_at_the_given_sequences_over_many_pages(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        await journal.AppendAsync("gala", Entries.Run(1, 10_000));
        await journal.AppendAsync("other", Entries.Run(1, 10));

        var some = await journal.AllAsync("gala", after: 4_000, upTo: 9_000);

        Assert.Equal(Enumerable.Range(4_001, 5_000), some.Select(entry => (int)entry.Sequence));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task A_batch_with_one_sequence_that_is_taken_is_refused_as_a_whole(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        await journal.AppendAsync("gala", Entries.Run(1, 3));

        var status = await journal.AppendAsync("gala", Entries.Run(3, 3, "bob"));

        Assert.Equal(AppendStatus.Fenced, status);
        Assert.Equal(3, (await journal.AllAsync("gala")).Count);
        Assert.Equal(AppendStatus.Committed, await journal.AppendAsync("gala", Entries.Run(4, 3)));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task A_batch_whose_predecessor_is_missing_or_another_one_is_refused_as_a_whole(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        await journal.AppendAsync("gala", Entries.Run(1, 3));

        var missing = await journal.AppendAsync("gala", JournalHead.Of(Entries.Reserved(4, "ann")), Entries.Run(5, 2));
        var ofAnotherMember = await journal.AppendAsync(
            "gala", JournalHead.Of(Entries.Reserved(3, "bob")), Entries.Run(4, 2));
        var ofAnotherMoment = await journal.AppendAsync(
            "gala", JournalHead.Of(
                Entries.Reserved(3, "ann")) with { DecidedAt = Entries.Noon.AddMicroseconds(1) }, Entries.Run(4, 2));
        var ofAnotherEvent = await journal.AppendAsync(
            "other", JournalHead.Of(Entries.Reserved(3, "ann")), Entries.Run(4, 2));

        Assert.All(
            [missing, ofAnotherMember, ofAnotherMoment, ofAnotherEvent],
            status => Assert.Equal(AppendStatus.WentBack, status));
        Assert.Equal(Entries.Run(1, 3), await journal.AllAsync("gala"));
        Assert.Empty(await journal.AllAsync("other"));
        var itsOwn = await journal.AppendAsync("gala", JournalHead.Of(Entries.Reserved(3, "ann")), Entries.Run(4, 2));
        Assert.Equal(AppendStatus.Committed, itsOwn);
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task An_event_whose_predecessor_is_missing_does_not_disturb_other_events_of_its_transaction(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open(new() { JournalWriters = 1 });
        await Task.WhenAll(
            Enumerable.Range(0, 100)
                .Where(i => i != 50).Select(i => journal.AppendAsync($"event{i}", Entries.Run(1, 1))));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            journal.AppendAsync($"event{i}", JournalHead.Of(Entries.Reserved(1, "ann")), Entries.Run(2, 2))));

        Assert.Equal(AppendStatus.WentBack, statuses[50]);
        Assert.Equal(99, statuses.Count(status => status == AppendStatus.Committed));
        Assert.Empty(await journal.AllAsync("event50"));
        Assert.Equal(Entries.Run(1, 3), await journal.AllAsync("event99"));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task A_repair_removes_what_was_read_and_nothing_that_was_sold_since(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        await journal.AppendAsync("gala", Entries.Run(1, 5));
        await journal.AppendAsync("other", Entries.Run(1, 5));
        var asRead = await journal.HeadAsync("gala");

        var first = await journal.SetAsideAsync("gala", after: 3, asRead, "operator");
        await journal.AppendRunAsync("gala", 4, 1); // it sells again
        var delayed = await journal.SetAsideAsync("gala", after: 3, asRead, "operator");

        Assert.Equal((2L, -1L), (first, delayed));
        Assert.Equal(Entries.Run(1, 4), await journal.AllAsync("gala"));
        Assert.Equal(Entries.Run(1, 5), await journal.AllAsync("other"));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task The_head_is_the_last_entry_and_nothing_without_entries(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        await journal.AppendAsync("gala", [.. Entries.Run(1, 3), Entries.Reserved(4, "bob")]);

        Assert.Equal(new JournalHead(4, Entries.Noon, "bob"), await journal.HeadAsync("gala"));
        Assert.Equal(JournalHead.None, await journal.HeadAsync("other"));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task Of_two_owners_at_the_same_head_one_wins_as_a_whole(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var (first, second) = (store.Open(), store.Open());

        for (var round = 0; round < 20; round++)
        {
            var eventId = $"event{round}";
            var statuses = await Task.WhenAll(
                first.AppendAsync(eventId, Entries.Run(1, 5, "first")), second.AppendAsync(
                    eventId, Entries.Run(1, 7, "second")));

            Assert.Equal([AppendStatus.Committed, AppendStatus.Fenced], statuses.Order());
            var stored = await first.AllAsync(eventId);
            Assert.Equal(statuses[0] == AppendStatus.Committed ? 5 : 7, stored.Count);
            Assert.Single(stored.Select(entry => entry.Actor).Distinct());
        }
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task An_owner_that_is_fenced_does_not_disturb_other_events_of_its_transaction(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open(new() { JournalWriters = 1 });
        await store.Open().AppendAsync("event50", Entries.Run(1, 1, "another owner"));

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(i => journal.AppendAsync($"event{i}", Entries.Run(1, 2))));

        Assert.Equal(AppendStatus.Fenced, statuses[50]);
        Assert.Equal(99, statuses.Count(status => status == AppendStatus.Committed));
        Assert.Equal("another owner", Assert.Single(await journal.AllAsync("event50")).Actor);
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task The_count_in_sql_follows_every_transition(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        var later = Entries.Noon.AddMinutes(10);
        await journal.AppendAsync("gala",
        [
            Entries.Opened(),
            Entries.Reserved(2, "ann", "a", 1, later), // stays held
            Entries.Reserved(3, "bob", "a", 2, later), // confirmed
            Entries.Reserved(4, "cid", "a", 3, later), // confirmed, then cancelled
            Entries.Reserved(5, "dan", "a", 4, later), // expired
            Entries.Reserved(6, "ann", "b", 5), // sold at once
            Entries.About(7, EntryKind.Confirmed, "bob", 3, 2),
            Entries.About(8, EntryKind.Confirmed, "cid", 4, 3),
            Entries.About(9, EntryKind.Cancelled, "cid", 4, 3),
            Entries.About(10, EntryKind.Expired, "dan", 5, 4),
            Entries.Reserved(11, "ann", "a", 7), // a key that stands twice: the count must see it
        ]);

        var count = await journal.CountAsync("gala", upTo: 11);
        var earlier = await journal.CountAsync("gala", upTo: 8);

        Assert.Equal(
            new JournalCount(11, 11, 11, Held: 1, Confirmed: 14, Reservations: 4, Members: 2, DuplicateKeys: 1), count);
        Assert.Equal(
            new JournalCount(8, 8, 8, Held: 5, Confirmed: 10, Reservations: 5, Members: 4, DuplicateKeys: 0), earlier);
        Assert.Equal(default, await journal.CountAsync("nothing", upTo: 11));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task Events_and_the_events_of_a_member_are_listed_in_pages(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        foreach (var id in new[] { "b", "a", "C" })
            await journal.AppendAsync(id, [Entries.Opened(), Entries.Reserved(2, id == "a" ? "ann" : "bob")]);

        Assert.Equal(["C", "a", "b"], await journal.EventsAsync("", 10));
        Assert.Equal(["a"], await journal.EventsAsync("C", 1));
        Assert.Equal(["C", "b"], (await journal.EventsOfAsync("bob", 10)).Order(StringComparer.Ordinal));
        Assert.Single(await journal.EventsOfAsync("bob", 1));
        Assert.Empty(await journal.EventsOfAsync("operator", 10));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task The_events_of_a_member_are_the_same_before_and_after_they_were_indexed(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        await journal.AppendAsync("a", [Entries.Opened(), Entries.Reserved(2, "ann"), Entries.Reserved(3, "bob")]);
        await journal.AppendAsync("b", [Entries.Opened(), Entries.Reserved(2, "bob")]);

        var before = await journal.EventsOfAsync("bob", 10);
        await journal.IndexMembersAsync("a", upTo: 2); // of a, bob's is not gathered yet
        var partly = await journal.EventsOfAsync("bob", 10);
        await Task.WhenAll(journal.IndexMembersAsync("a", upTo: 3), journal.IndexMembersAsync("a", upTo: 3));
        await journal.IndexMembersAsync("b", upTo: 2);
        var after = await journal.EventsOfAsync("bob", 10);

        Assert.All([before, partly, after], events => Assert.Equal(["a", "b"], events.Order(StringComparer.Ordinal)));
        Assert.Equal(["a"], await journal.EventsOfAsync("ann", 10));
        Assert.Empty(await journal.EventsOfAsync("cid", 10));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task An_event_that_sells_fast_is_listed_for_every_member_until_it_is_indexed(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        await journal.AppendAsync(
            "gala", [Entries.Opened(), .. Enumerable.Range(2, 12_345).Select(i => Entries.Reserved(i, $"member{i}"))]);

        var busy = await journal.EventsOfAsync("nobody", 10);
        var parts = new List<long> { await journal.IndexMembersAsync("gala", upTo: 12_346) };
        while (parts[^1] < 12_346) parts.Add(await journal.IndexMembersAsync("gala", upTo: 12_346));

        Assert.Equal(["gala"], busy);
        Assert.InRange(parts.Count, 2, 13); // so that nobody waits long for a part
        Assert.Empty(await journal.EventsOfAsync("nobody", 10));
        Assert.Equal(["gala"], await journal.EventsOfAsync("member2", 10));
        Assert.Equal(["gala"], await journal.EventsOfAsync("member12346", 10));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task Possible_events_of_a_member_do_not_displace_certain_ones(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        foreach (var eventId in (string[])["a", "y", "z"])
            await journal.AppendAsync(
                eventId,
                [Entries.Opened(), .. Enumerable.Range(2, 1_100).Select(i => Entries.Reserved(i, $"member{i}"))]);
        foreach (var eventId in (string[])["b", "x"])
            await journal.AppendAsync(eventId, [Entries.Opened(), Entries.Reserved(2, "bob")]);
        await journal.IndexMembersAsync("x", upTo: 2);

        var mine = await journal.EventsOfAsync("bob", 2);

        Assert.Equal(["b", "x"], mine.Order(StringComparer.Ordinal));
        Assert.Equal(5, (await journal.EventsOfAsync("bob", 10)).Length);
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task Appends_of_many_events_at_once_all_commit(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            for (var n = 0; n < 20; n++)
                Assert.Equal(
                    AppendStatus.Committed, await journal.AppendAsync($"event{i}", Entries.Run((n * 3) + 1, 3)));
        }));

        for (var i = 0; i < 50; i++)
            Assert.Equal(
                Enumerable.Range(1, 60), (await journal.AllAsync($"event{i}")).Select(entry => (int)entry.Sequence));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task What_the_database_itself_forbids_is_not_applied(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();

        var status = await journal.AppendAsync("gala", [Entries.Reserved(1, "ann", quantity: -1)]);

        Assert.Equal(AppendStatus.NotApplied, status);
        Assert.Empty(await journal.AllAsync("gala"));
        Assert.Equal(AppendStatus.Committed, await journal.AppendAsync("gala", [Entries.Reserved(1, "ann")]));
    }

    [Theory, InlineData(Database.PostgreSql), InlineData(Database.Sqlite)]
    public async Task A_rehearsal_copy_has_the_same_fence_and_a_table_of_its_own_and_is_deleted(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        var rehearsals = Store.RehearsalsOf(journal);
        var copy = RehearsalCopy.EventOf("r1");

        var statuses = await Task.WhenAll(
            journal.AppendAsync("gala", [Entries.Opened(), Entries.Reserved(2, "ann")]),
            rehearsals.AppendAsync(copy, [Entries.Opened(), Entries.Reserved(2, RehearsalCopy.MemberOf(1), "k", 3)]),
            journal.AppendAsync("other", Entries.Run(1, 2)));
        var fenced = await Store.RehearsalsOf(store.Open()).AppendAsync(copy, Entries.Run(2, 1, "another owner"));
        var head = (await rehearsals.HeadAsync(copy)).Sequence;
        var count = await rehearsals.CountAsync(copy, upTo: 2);
        var stored = await rehearsals.AllAsync(copy);
        var events = await journal.EventsAsync("", 10);
        var copies = await rehearsals.RehearsalCopiesAsync();
        var mine = await journal.EventsOfAsync(RehearsalCopy.MemberOf(1), 10);
        await rehearsals.DeleteRehearsalCopyAsync("gala");
        await rehearsals.DeleteRehearsalCopyAsync(copy);

        Assert.All(statuses, status => Assert.Equal(AppendStatus.Committed, status));
        Assert.Equal(AppendStatus.Fenced, fenced);
        Assert.Equal((2L, 2L, 3L), (head, count.Entries, count.Confirmed));
        Assert.Equal([Entries.Opened(), Entries.Reserved(2, RehearsalCopy.MemberOf(1), "k", 3)], stored);
        Assert.Equal(["gala", "other"], events);
        Assert.Equal([copy], copies);
        Assert.Empty(mine);
        Assert.Empty(await rehearsals.AllAsync(copy));
        Assert.Empty(await rehearsals.RehearsalCopiesAsync());
        Assert.Equal(2, (await journal.AllAsync("gala")).Count);
    }

    [Fact]
    public async Task A_rehearsal_takes_only_a_connection_of_the_readers_and_continues_after_a_pause()
    {
        await using var store = await Store.CreateAsync(Database.PostgreSql, postgres);
        var rehearsals = Store.RehearsalsOf(store.Open());
        await rehearsals.AppendAsync(RehearsalCopy.EventOf("r1"), [Entries.Opened()]);

        await Task.Delay(TimeSpan.FromSeconds(2.5)); // longer than the writer keeps a connection for nothing
        var afterThePause = await rehearsals.AppendAsync(RehearsalCopy.EventOf("r1"), Entries.Run(2, 3));
        await using var own = NpgsqlDataSource.Create(store.ConnectionString);
        await using var command = own.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        Assert.Equal(AppendStatus.Committed, afterThePause);
        // the writers of sales have written nothing, and have none
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("event_id = 'other'")]
    [InlineData("kind = 3")]
    [InlineData("decided_at = decided_at + 1")]
    [InlineData("decided_at = 9223372036854775807")]
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
        var kept = Entries.Reserved(
            1, "ann", "key-1", 3,
            DateTimeOffset.UnixEpoch.AddMicroseconds(7)) with { DecidedAt = DateTimeOffset.UnixEpoch.AddMicroseconds(5) };
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
            "CREATE TABLE boxoffice_schema (version integer PRIMARY KEY, name text NOT NULL, installed_at timestamptz NOT NULL DEFAULT now())");
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

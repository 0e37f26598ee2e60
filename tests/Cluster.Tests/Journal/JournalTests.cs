using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Cluster.Tests.Journal;

/// <summary>Entries are stored, read and counted exactly, in both databases.</summary>
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
    public async Task The_head_is_the_last_entry_and_nothing_without_entries(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();
        await journal.AppendAsync("gala", [.. Entries.Run(1, 3), Entries.Reserved(4, "bob")]);

        Assert.Equal(new JournalHead(4, Entries.Noon, "bob"), await journal.HeadAsync("gala"));
        Assert.Equal(JournalHead.None, await journal.HeadAsync("other"));
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
}

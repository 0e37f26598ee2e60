namespace BoxOffice.Cluster.Tests.Journal;

/// <summary>Lists of events, and of the events of a member, before and after they are indexed.</summary>
public sealed class JournalListTests(Postgres postgres)
{
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
}

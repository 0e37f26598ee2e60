using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Cluster.Tests.Journal;

/// <summary>A batch is stored as a whole, and only after the entry that its owner knows as the last.</summary>
public sealed class JournalFenceTests(Postgres postgres)
{
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
            "gala",
            JournalHead.Of(Entries.Reserved(3, "ann")) with { DecidedAt = Entries.Noon.AddMicroseconds(1) },
            Entries.Run(4, 2));
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
    public async Task An_event_whose_predecessor_is_missing_does_not_disturb_other_events_of_its_transaction(
        Database database)
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
    public async Task Of_two_owners_at_the_same_head_one_wins_as_a_whole(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var (first, second) = (store.Open(), store.Open());

        for (var round = 0; round < 20; round++)
        {
            var eventId = $"event{round}";
            var statuses = await Task.WhenAll(
                first.AppendAsync(eventId, Entries.Run(1, 5, "first")),
                second.AppendAsync(eventId, Entries.Run(1, 7, "second")));

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
    public async Task What_the_database_itself_forbids_is_not_applied(Database database)
    {
        await using var store = await Store.CreateAsync(database, postgres);
        var journal = store.Open();

        var status = await journal.AppendAsync("gala", [Entries.Reserved(1, "ann", quantity: -1)]);

        Assert.Equal(AppendStatus.NotApplied, status);
        Assert.Empty(await journal.AllAsync("gala"));
        Assert.Equal(AppendStatus.Committed, await journal.AppendAsync("gala", [Entries.Reserved(1, "ann")]));
    }
}

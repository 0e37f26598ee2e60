using BoxOffice.Grains.Journal;
using Npgsql;

namespace BoxOffice.Cluster.Tests.Journal;

/// <summary>Rehearsal copies have a table and a writer of their own.</summary>
public sealed class JournalRehearsalTests(Postgres postgres)
{
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
}

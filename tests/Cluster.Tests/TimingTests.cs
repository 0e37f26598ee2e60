using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>Where the time goes is known of all front-ends together, whatever becomes of them.</summary>
public sealed class TimingTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task Front_ends_are_added_up_and_one_that_was_killed_still_counts()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(await postgres.CreateDatabaseAsync(), new(Silos: 1, FrontEnds: 2));
        var boss = await SellThirtyAsync(cluster);

        await Wait.UntilAsync("the other front-end has told what it counted", async () => await SoldAsync(boss) == 30);
        await cluster.FrontEnds[1].KillAsync();

        Assert.Equal(30, await SoldAsync(boss));
    }

    [Fact]
    public async Task What_was_counted_comes_back_when_the_silo_that_knew_it_was_killed()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(await postgres.CreateDatabaseAsync(), new(Silos: 1, FrontEnds: 2));
        var boss = await SellThirtyAsync(cluster);

        await cluster.Silos[0].KillAsync();
        await cluster.StartMissingAsync();

        await Wait.UntilAsync("both have told again", async () => await SoldAsync(boss) == 30, TimeSpan.FromSeconds(60));
    }

    /// <summary>Ten at the first front-end and twenty at the other. Returns the operator, at the first.</summary>
    private static async Task<Client> SellThirtyAsync(BoxOfficeCluster cluster)
    {
        var boss = await Client.OperatorAsync(cluster.Urls[0]);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 100 });
        var members = await boss.MembersAsync("member", 30);
        foreach (var member in members[..10]) await member.ReserveAsync("gala");
        foreach (var member in members[10..]) await new Client(cluster.Urls[1], member.Token).ReserveAsync("gala");
        return boss;
    }

    private static async Task<int> SoldAsync(Client boss)
    {
        var reply = await boss.GetAsync("/admin/events/gala/timing");
        return reply.Code is null && reply.Data.GetProperty("codes").TryGetProperty("RESERVED", out var sold) ? sold.GetInt32() : 0;
    }
}

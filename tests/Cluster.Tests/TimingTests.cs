using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>The timing of an event is the sum over all front-ends, also after failures.</summary>
public sealed class TimingTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task Counts_of_all_front_ends_are_added_also_of_a_killed_one()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await postgres.CreateDatabaseAsync(), new(Silos: 1, FrontEnds: 2));
        var admin = await SellThirtyAsync(cluster);

        await Wait.UntilAsync("the other front-end has reported its counts", async () => await SoldAsync(admin) == 30);
        await cluster.FrontEnds[1].KillAsync();

        Assert.Equal(30, await SoldAsync(admin));
    }

    [Fact]
    public async Task Counts_return_after_the_silo_that_had_them_was_killed()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await postgres.CreateDatabaseAsync(), new(Silos: 1, FrontEnds: 2));
        var admin = await SellThirtyAsync(cluster);

        await cluster.Silos[0].KillAsync();
        await cluster.StartMissingAsync();

        await Wait.UntilAsync(
            "both front-ends have reported again", async () => await SoldAsync(admin) == 30, TimeSpan.FromSeconds(60));
    }

    /// <summary>
    /// Sells ten tickets at the first front-end and twenty at the other. Returns an operator's client of the first.
    /// </summary>
    private static async Task<Client> SellThirtyAsync(BoxOfficeCluster cluster)
    {
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
        await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 100 });
        var members = await admin.MembersAsync("member", 30);
        foreach (var member in members[..10]) await member.ReserveAsync("gala");
        foreach (var member in members[10..]) await new Client(cluster.Urls[1], member.Token).ReserveAsync("gala");
        return admin;
    }

    private static async Task<int> SoldAsync(Client admin)
    {
        var reply = await admin.GetAsync("/admin/events/gala/timing");
        if (reply.Code is not null) return 0;
        return reply.Data.GetProperty("codes").TryGetProperty("RESERVED", out var sold) ? sold.GetInt32() : 0;
    }
}

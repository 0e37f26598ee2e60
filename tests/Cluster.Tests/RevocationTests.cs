using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

public sealed class RevocationTests
{
    [Fact]
    public async Task A_revoked_token_buys_nothing_after_a_second_at_any_front_end()
    {
        await using var postgres = await PostgresServer.StartNewAsync();
        await using var cluster = await BoxOfficeCluster.StartAsync(
            await postgres.CreateDatabaseAsync(), new(Silos: 2, FrontEnds: 2));
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
        await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 10, maxPerMember = 10 });
        var member = (await admin.MembersAsync("ann", 1))[0];
        var elsewhere = member.At(cluster.Urls[1]);
        Assert.Null((await elsewhere.ReserveAsync("gala")).Code); // it is remembered there as valid

        await admin.PostAsync("/admin/members/ann1/revoke");
        var here = await member.ReserveAsync("gala");
        await Task.Delay(TimeSpan.FromSeconds(1));
        var there = await elsewhere.ReserveAsync("gala");

        Assert.Equal(("UNAUTHENTICATED", "UNAUTHENTICATED"), (here.Code, there.Code));
    }
}

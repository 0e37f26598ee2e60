using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>
/// The peers of the benchmark sell each ticket once and lose none, as BoxOffice: otherwise a comparison would be
/// unfair.
/// </summary>
public sealed class PeersTests(Journal.Postgres postgres)
{
    [Theory, InlineData("e1", false)]
    [InlineData("p1", true), InlineData("p2", true), InlineData("r1", true), InlineData("o1", true)]
    public async Task A_peer_sells_each_ticket_once_and_refuses_the_rest(string name, bool isDurable)
    {
        await using var redis = await RedisServer.StartNewAsync("appendfsync=always");
        await using var peer = await StartAsync(name, await postgres.CreateDatabaseAsync(), redis);
        await peer.OpenAsync("gala", capacity: 3);
        var buyers = await peer.MembersAsync(8);
        await buyers[0].ReserveAsync("gala");
        await peer.OpenAsync("gala", capacity: 5); // starts the sale again

        var replies = await Task.WhenAll(buyers.Select(buyer => buyer.ReserveAsync("gala")));

        var sold = replies.Where(reply => reply.Status == HttpStatusCode.OK).Select(reply => reply.Data).ToList();
        Assert.Equal([1, 2, 3, 4, 5], sold.Select(sale => sale.GetProperty("sequence").GetInt32()).Order());
        Assert.All(sold, sale =>
            Assert.Equal($"gala-{sale.GetProperty("sequence")}", sale.GetProperty("reservationId").GetString()));
        Assert.Equal(["SOLD_OUT", "SOLD_OUT", "SOLD_OUT"], replies.Select(reply => reply.Code).OfType<string>());
        Assert.All(replies, reply => Assert.True(reply.Code is null || reply.Status == HttpStatusCode.Conflict));
        var numbers = await peer.NumbersAsync("gala");
        Assert.Equal((5, 0, 5), (Number("capacity"), Number("remaining"), Number("sold")));
        Assert.Equal(isDurable, numbers.GetProperty("durable").GetBoolean());
        Assert.Equal("EVENT_NOT_FOUND", (await buyers[0].ReserveAsync("e1")).Code);
        Assert.Equal("UNAUTHENTICATED", (await new Client(peer.Url).ReserveAsync("gala")).Code);

        int Number(string field) => numbers.GetProperty(field).GetInt32();
    }

    [Theory, InlineData("p1"), InlineData("p2"), InlineData("r1"), InlineData("o1")]
    public async Task A_peer_whose_store_crashed_reports_it_and_keeps_its_sales(string name)
    {
        await using var database = await PostgresServer.StartNewAsync();
        await using var redis = await RedisServer.StartNewAsync("appendfsync=always");
        await using var peer = await StartAsync(name, await database.CreateDatabaseAsync(), redis);
        await peer.OpenAsync("gala", capacity: 2);
        var buyer = (await peer.MembersAsync(1))[0];
        await buyer.ReserveAsync("gala");

        await database.CrashAsync();
        await redis.CrashAsync();
        var unknown = await buyer.ReserveAsync("gala");
        await database.StartAsync();
        await redis.StartAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "OUTCOME_UNKNOWN"), (unknown.Status, unknown.Code));
        await Wait.UntilAsync(
            "it sells again", async () => (await buyer.ReserveAsync("gala")).Status == HttpStatusCode.OK);
        Assert.Equal(2, (await peer.NumbersAsync("gala")).GetProperty("sold").GetInt32());
    }

    [Fact]
    public async Task An_empty_endpoint_needs_no_token_and_reports_that_it_stores_nothing()
    {
        await using var peer = await PeerHost.StartAsync("e0");

        var reply = await new Client(peer.Url).ReserveAsync("gala");

        Assert.Equal((HttpStatusCode.OK, ""), (reply.Status, reply.Text));
        Assert.False((await peer.NumbersAsync("gala")).GetProperty("durable").GetBoolean());
    }

    [Theory]
    [InlineData("x9", "There is no peer named x9")]
    [InlineData("p1", "ConnectionStrings__peers is not set")]
    [InlineData("o1", "ConnectionStrings__peers is not set")]
    [InlineData("r1", "Peers__Redis is not set")]
    [InlineData("e1", "BoxOffice__TokenKey is not set", "BoxOffice__TokenKey", "")]
    [InlineData("p1", "PoolSize", "Peers__PoolSize", "0")]
    [InlineData("r1", "Redis at 127.0.0.1:1 cannot be reached", "Peers__Redis", "127.0.0.1:1")]
    [InlineData("p1", "PostgreSQL cannot be used", "ConnectionStrings__peers", "Host=127.0.0.1;Port=1")]
    public async Task A_peer_with_a_missing_or_wrong_setting_reports_it_in_one_line(
        string name, string expected, string key = "Peers__PoolSize", string value = "4")
    {
        await using var process = PeerHost.StartProcess(name, (key, value));

        await process.ExitAsync();

        var line = Assert.Single(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.Equal(1, process.ExitCode);
    }

    private static Task<PeerHost> StartAsync(string name, string database, RedisServer redis) =>
        PeerHost.StartAsync(name, ("ConnectionStrings__peers", database), ("Peers__Redis", redis.Address));
}

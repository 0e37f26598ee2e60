using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>What an operator stops goes without anybody noticing.</summary>
public sealed class DrainTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task A_front_end_that_is_stopped_says_so_and_answers_everybody_until_balancers_have_seen_it()
    {
        await using var host = await BoxOfficeHost.StartClusterAsync(await postgres.CreateDatabaseAsync(), ("DrainDelay", "00:00:02"));
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 100_000, maxPerMember = 100_000 });
        var members = await boss.MembersAsync("member", 16);
        var hasSeenIt = false;

        var crowd = Task.WhenAll(members.Select(BuyUntilDrainedAsync));
        host.Api.Send(Signal.Terminate);
        Reply health;
        do health = await new Client(host.Url).GetAsync("/health"); while (health.Status == HttpStatusCode.OK);
        var whileDraining = await members[0].ReserveAsync("gala");
        hasSeenIt = true;
        var replies = await crowd;
        await host.Api.ExitAsync();

        Assert.Equal("NOT_READY", health.Code);
        Assert.Contains("draining", health.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, whileDraining.Status);
        Assert.True(whileDraining.Message.Headers.ConnectionClose);
        Assert.All(replies.SelectMany(some => some), reply => Assert.Contains(reply.Status, new[] { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
        Assert.Equal(0, host.Api.ExitCode);

        async Task<List<Reply>> BuyUntilDrainedAsync(Client member)
        {
            var all = new List<Reply>();
            while (!Volatile.Read(ref hasSeenIt)) all.Add(await member.ReserveAsync("gala"));
            return all;
        }
    }

    [Fact]
    public async Task Silos_that_are_stopped_one_after_the_other_cost_no_sale_and_no_error()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(await postgres.CreateDatabaseAsync());
        var boss = await Client.OperatorAsync(cluster.Urls[0]);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 100_000, maxPerMember = 100_000 });
        var members = await boss.MembersAsync("member", 8);
        var isOver = false;

        var crowd = Task.WhenAll(members.Select(BuyUntilItIsOverAsync));
        foreach (var silo in cluster.Silos)
        {
            await silo.StopAsync();
            await silo.StartAsync();
        }
        isOver = true;
        var replies = (await crowd).SelectMany(some => some).ToList();

        Assert.All(replies, reply => Assert.Contains(reply.Status, new[] { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
        Assert.DoesNotContain(cluster.Silos.SelectMany(silo => silo.Output.Split('\n')), IsOurTrouble);
        var truth = (await boss.GetAsync("/admin/events/gala/reconcile")).Data;
        Assert.Equal(replies.Count(reply => reply.Status == HttpStatusCode.OK), truth.GetProperty("confirmed").GetInt32());

        async Task<List<Reply>> BuyUntilItIsOverAsync(Client member)
        {
            var all = new List<Reply>();
            for (var i = 0; !Volatile.Read(ref isOver); i++)
            {
                all.Add(await member.ReserveAsync("gala", key: $"k{i}"));
                await Task.Delay(100); // within the limit of calls
            }
            return all;
        }
    }

    // Orleans counts it as an error that it could not place a message while a silo left; whoever sent it asked again.
    private static bool IsOurTrouble(string line) =>
        line.StartsWith("crit:", StringComparison.Ordinal) || line.StartsWith("fail: BoxOffice", StringComparison.Ordinal);
}

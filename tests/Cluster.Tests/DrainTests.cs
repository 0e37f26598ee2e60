using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>A normal stop of a process costs no call.</summary>
public sealed class DrainTests(Journal.Postgres postgres)
{
    [Fact]
    public async Task A_stopping_front_end_reports_it_and_answers_until_balancers_have_noticed()
    {
        await using var host = await BoxOfficeHost.StartClusterAsync(
            await postgres.CreateDatabaseAsync(), ("DrainDelay", "00:00:02"));
        var admin = await Client.OperatorAsync(host.Url);
        await admin.PostAsync(
            "/admin/events", new { id = "gala", name = "Gala", capacity = 100_000, maxPerMember = 100_000 });
        var members = await admin.MembersAsync("member", 16);
        var isNoticed = false;

        var crowd = Task.WhenAll(members.Select(BuyUntilDrainedAsync));
        host.Api.Send(Signal.Terminate);
        Reply health;
        do health = await new Client(host.Url).GetAsync("/health"); while (health.Status == HttpStatusCode.OK);
        var whileDraining = await members[0].ReserveAsync("gala");
        isNoticed = true;
        var replies = await crowd;
        await host.Api.ExitAsync();

        Assert.Equal("NOT_READY", health.Code);
        Assert.Contains("draining", health.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, whileDraining.Status);
        Assert.True(whileDraining.Message.Headers.ConnectionClose);
        Assert.All(replies.SelectMany(ofOne => ofOne), reply =>
            Assert.Contains(reply.Status, new[] { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
        Assert.Equal(0, host.Api.ExitCode);

        async Task<List<Reply>> BuyUntilDrainedAsync(Client member)
        {
            var all = new List<Reply>();
            while (!Volatile.Read(ref isNoticed)) all.Add(await member.ReserveAsync("gala"));
            return all;
        }
    }

    [Fact]
    public async Task A_stopping_silo_reports_it_before_it_gives_up_its_events()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var cluster = await BoxOfficeCluster.StartAsync(connectionString, new(Silos: 1, FrontEnds: 1));
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
        await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 100, maxPerMember = 100 });
        var member = (await admin.MembersAsync("member", 1))[0];
        await using var observer = await ClusterObserver.ConnectAsync(connectionString);
        var silo = observer.Grains.GetGrain<IJournalGrain>(0);

        var isLeavingBefore = await silo.Ping();
        cluster.Silos[0].Process.Send(Signal.Terminate);
        await Wait.UntilAsync("the silo reports that it stops", silo.Ping);
        var reply = await member.ReserveAsync("gala");
        await cluster.Silos[0].Process.ExitAsync();

        Assert.False(isLeavingBefore);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
    }

    [Fact]
    public async Task Silos_that_are_stopped_one_after_the_other_cause_no_failed_sale_and_no_error()
    {
        await using var cluster = await BoxOfficeCluster.StartAsync(await postgres.CreateDatabaseAsync());
        var admin = await Client.OperatorAsync(cluster.Urls[0]);
        await admin.PostAsync(
            "/admin/events", new { id = "gala", name = "Gala", capacity = 100_000, maxPerMember = 100_000 });
        var members = await admin.MembersAsync("member", 8);
        var isOver = false;

        var crowd = Task.WhenAll(members.Select(BuyUntilItIsOverAsync));
        foreach (var silo in cluster.Silos)
        {
            await silo.StopAsync();
            await silo.StartAsync();
        }
        isOver = true;
        var replies = (await crowd).SelectMany(ofOne => ofOne).ToList();

        Assert.All(replies, reply =>
            Assert.Contains(reply.Status, new[] { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }));
        Assert.DoesNotContain(cluster.Silos.SelectMany(silo => silo.Output.Split('\n')), IsOurError);
        var truth = (await admin.GetAsync("/admin/events/gala/reconcile")).Data;
        var sold = replies.Count(reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal(sold, truth.GetProperty("confirmed").GetInt32());

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

    // Orleans logs an error when it cannot deliver a message to a leaving silo. Its sender retries.
    private static bool IsOurError(string line) =>
        line.StartsWith("crit:", StringComparison.Ordinal)
        || line.StartsWith("fail: BoxOffice", StringComparison.Ordinal);
}

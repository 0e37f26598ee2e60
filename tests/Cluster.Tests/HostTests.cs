using System.Globalization;
using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>The programs in both forms, with restarts, kills, crowds and a lost database.</summary>
public sealed class HostTests(Journal.Postgres postgres)
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_restart_loses_nothing(bool isEmbedded) =>
        await SurvivesAsync(isEmbedded, host => host.StopAsync());

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_kill_loses_nothing_that_was_acknowledged(bool isEmbedded) =>
        await SurvivesAsync(isEmbedded, host => host.KillAsync());

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_sold_out_event_refuses_also_after_a_restart(bool isEmbedded)
    {
        await using var host = await StartAsync(isEmbedded);
        var members = await OpenAsync(host, capacity: 1, members: 2);
        await members[0].ReserveAsync("gala", key: "k");

        await host.StopAsync();
        await host.StartAsync();
        var refusal = await new Client(host.Url, members[1].Token).ReserveAsync("gala", key: "k");

        Assert.Equal("SOLD_OUT", refusal.Code);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_kill_during_a_sale_keeps_every_acknowledged_ticket_and_sells_each_once(bool isEmbedded)
    {
        await using var host = await StartAsync(isEmbedded);
        var members = await OpenAsync(host, capacity: 400, members: 1_000);

        var sale = Task.WhenAll(members.Select(member => TryAsync(() => member.ReserveAsync("gala", key: "k"))));
        await Wait.UntilAsync("the sale is under way", async () =>
            (await new Client(host.Url).GetAsync("/ticket/events/gala")).Data.GetProperty("confirmed").GetInt32() > 20);
        await host.KillAsync();
        var before = await sale;
        await host.StartAsync();
        members = [.. members.Select(member => new Client(host.Url, member.Token))];
        var after = await Task.WhenAll(members.Select(member => member.ReserveAsync("gala", key: "k")));

        for (var i = 0; i < members.Length; i++)
        {
            if (before[i]?.Status == HttpStatusCode.OK) Assert.Equal(before[i]!.Text, after[i].Text);
        }
        Assert.Equal(400, after.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(600, after.Count(reply => reply.Code == "SOLD_OUT"));
        await AssertExactAsync(host, confirmed: 400);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Four_thousand_concurrent_clients_of_one_event_get_an_exact_result(bool isEmbedded)
    {
        await using var host = await StartAsync(isEmbedded);
        var members = await OpenAsync(host, capacity: 1_000, members: 4_000);

        var replies = await Task.WhenAll(members.Select(member => member.ReserveAsync("gala", key: "k")));

        Assert.Equal(1_000, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(3_000, replies.Count(reply => reply.Code == "SOLD_OUT"));
        var ids = replies.Where(reply => reply.Status == HttpStatusCode.OK)
            .Select(reply => reply.Data.GetProperty("reservationId").GetString());
        Assert.Equal(1_000, ids.Distinct().Count());
        await AssertExactAsync(host, confirmed: 1_000);
    }

    [Fact]
    public async Task Nine_thousand_clients_that_connect_at_once_all_get_an_answer()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();
        var members = await OpenAsync(host, capacity: 1_000, members: 9_000);
        var overflowsBefore = ListenOverflows();

        var replies = await Task.WhenAll(members.Select(member => member.ReserveAsync("gala", key: "k")));

        Assert.Equal(1_000, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(8_000, replies.Count(reply => reply.Code == "SOLD_OUT"));
        Assert.Equal(overflowsBefore, ListenOverflows());
        await AssertExactAsync(host, confirmed: 1_000);
    }

    [Fact]
    public async Task Without_its_database_a_cluster_answers_truthfully_and_recovers_without_a_restart()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var host = await BoxOfficeHost.StartClusterAsync(await server.CreateDatabaseAsync());
        var members = await OpenAsync(host, capacity: 10, members: 10);
        await members[0].ReserveAsync("gala", key: "k");
        var anonymous = new Client(host.Url);

        await server.CrashAsync();
        var away = new List<Reply>();
        await Wait.UntilAsync("a call is known as not applied", async () =>
        {
            away.Add(await members[1 + (away.Count % 9)].ReserveAsync("gala", key: "k"));
            return away[^1].Code == "BUSY";
        });
        var alive = await anonymous.GetAsync("/alive");
        var login = await anonymous.PostAsync("/member/login", new { id = "stranger", password = "a word of my own" });
        var list = await anonymous.GetAsync("/ticket/events");
        await Wait.UntilAsync(
            "not ready", async () => (await anonymous.GetAsync("/health")).Status == HttpStatusCode.ServiceUnavailable);
        await server.StartAsync();
        await Wait.UntilAsync("ready", async () => (await anonymous.GetAsync("/health")).Status == HttpStatusCode.OK);
        var healed = await Task.WhenAll(members.Select(ReserveUntilAnsweredAsync));

        // The first calls may use a connection that breaks: their outcome is unknown.
        Assert.All(away, reply => Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status));
        Assert.All(away, reply => Assert.Equal(
            reply.Code == "BUSY" ? "NOT_APPLIED" : "UNKNOWN", reply.Body.GetProperty("outcome").GetString()));
        Assert.All(away, reply => Assert.False(reply.Body.GetProperty("terminal").GetBoolean()));
        Assert.All(away, reply => Assert.NotNull(reply.Header("Retry-After")));
        Assert.Equal(HttpStatusCode.OK, alive.Status);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (login.Status, list.Status));
        Assert.All(healed, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        await AssertExactAsync(host, confirmed: 10);
    }

    [Fact]
    public async Task An_operator_without_a_configured_password_gets_one_that_is_shown_once()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("OperatorPassword", ""));
        var line = await host.Api.LineAsync("shown only now");
        var password = line.Split(" / ")[1].Split(' ')[0];

        var login = await new Client(host.Url).PostAsync("/member/login", new { id = "operator", password });
        await host.StopAsync();
        await host.StartAsync();
        var later = await new Client(host.Url).PostAsync("/member/login", new { id = "operator", password });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (login.Status, later.Status));
        Assert.DoesNotContain("shown only now", host.Api.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_store_has_event_1_on_sale_with_200_tickets()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();

        var data = (await new Client(host.Url).GetAsync("/ticket/events/1")).Data;

        Assert.Equal(200, data.GetProperty("available").GetInt32());
        Assert.Equal(1, data.GetProperty("maxPerMember").GetInt32());
        Assert.Equal("OPEN", data.GetProperty("state").GetString());
    }

    /// <summary>Retries the call with its key while the answer is 503, as a client should.</summary>
    private static async Task<Reply> ReserveUntilAnsweredAsync(Client member)
    {
        Reply? reply = null;
        await Wait.UntilAsync("an answer", async () =>
        {
            reply = await member.ReserveAsync("gala", key: "k");
            return reply.Status != HttpStatusCode.ServiceUnavailable;
        });
        return reply!;
    }

    private async Task SurvivesAsync(bool isEmbedded, Func<BoxOfficeHost, Task> end)
    {
        await using var host = await StartAsync(isEmbedded);
        var ann = (await OpenAsync(host, capacity: 5, members: 1))[0];
        await new Client(host.Url).PostAsync("/member/signup", new { id = "bob", password = "see you at the show" });
        var bought = await ann.ReserveAsync("gala", key: "k");

        await end(host);
        await host.StartAsync();

        var again = await new Client(host.Url, ann.Token).ReserveAsync("gala", key: "k");
        var login = await new Client(host.Url).PostAsync(
            "/member/login", new { id = "bob", password = "see you at the show" });
        Assert.Equal((bought.Text, "true"), (again.Text, again.Header("Idempotency-Replayed")));
        Assert.Equal(HttpStatusCode.OK, login.Status);
        await AssertExactAsync(host, confirmed: 1);
    }

    private async Task<BoxOfficeHost> StartAsync(bool isEmbedded) => isEmbedded
        ? await BoxOfficeHost.StartEmbeddedAsync()
        : await BoxOfficeHost.StartClusterAsync(await postgres.CreateDatabaseAsync());

    private static async Task<Client[]> OpenAsync(BoxOfficeHost host, int capacity, int members)
    {
        var admin = await Client.OperatorAsync(host.Url);
        var opened = await admin.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity });
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        return await admin.MembersAsync("member", members);
    }

    private static async Task AssertExactAsync(BoxOfficeHost host, int confirmed)
    {
        var admin = await Client.OperatorAsync(host.Url);
        var truth = (await admin.GetAsync("/admin/events/gala/reconcile")).Data;
        string[] sums = ["confirmed", "drift", "gaps", "duplicates"];
        Assert.Equal([confirmed, 0, 0, 0], sums.Select(sum => truth.GetProperty(sum).GetInt32()));
    }

    /// <summary>How often the kernel dropped a connection because a listener's queue was full.</summary>
    private static long ListenOverflows()
    {
        var lines = File.ReadLines("/proc/net/netstat")
            .Where(line => line.StartsWith("TcpExt:", StringComparison.Ordinal))
            .Select(line => line.Split(' ')).ToList();
        return long.Parse(lines[1][Array.IndexOf(lines[0], "ListenOverflows")], CultureInfo.InvariantCulture);
    }

    /// <summary>Null when the connection broke: the outcome is unknown.</summary>
    private static async Task<Reply?> TryAsync(Func<Task<Reply>> call)
    {
        try
        {
            return await call();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

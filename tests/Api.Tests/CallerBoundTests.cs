using System.Net;
using System.Text.Json;
using BoxOffice.Grains.Members;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>What one address or one member may order in a front-end with small limits.</summary>
public sealed class CallerBoundTests
{
    private const string Proxy = "127.0.0.1"; // where tests call from
    private const string Password = "see you at the show";

    [Fact]
    public async Task An_address_that_wants_ever_new_pages_is_limited_and_a_crowd_that_wants_one_is_not()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("TrustedProxies", Proxy), ("ListReadsPerAddressPerSecond", "2")); // and ten at once

        var many = await Task.WhenAll(Enumerable.Range(1, 60).Select(limit => ListAsync(host, "203.0.113.1", limit)));
        var other = await ListAsync(host, "203.0.113.2", 1_000);
        var crowd = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ListAsync(host, "203.0.113.3", 50)));

        var refused = many.Where(reply => reply.Status != HttpStatusCode.OK).ToList();
        Assert.InRange(refused.Count, 30, 52); // nine or ten at once, and two a second
        Assert.All(refused, reply => Assert.Equal((429, "RATE_LIMITED"), ((int)reply.Status, reply.Code)));
        Assert.All(refused, reply => Assert.NotNull(reply.Header("Retry-After")));
        Assert.All(crowd.Append(other), reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
    }

    [Fact]
    public async Task Refused_sign_ups_leave_no_member_in_memory_and_those_of_other_addresses_pass()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("TrustedProxies", Proxy), ("SignUpsPerAddressPerSecond", "1")); // and a hundred at once
        var boss = await Client.OperatorAsync(host.Url);

        var weak = await SignUpAsync(host, "203.0.113.1", Enumerable.Repeat("ann", 200), "password");
        var taken = await SignUpAsync(host, "203.0.113.1", Enumerable.Repeat("ann", 150), Password);
        var refused = await SignUpAsync(
            host, "203.0.113.1", Enumerable.Range(0, 500).Select(i => $"made-up-{i}"), Password);
        var last = await SignUpAsync(host, "203.0.113.2", ["bob"], Password);

        Assert.All(weak, reply => Assert.Equal("WEAK_PASSWORD", reply.Code)); // checked first, and not counted
        Assert.Contains(taken, reply => reply.Code is null);
        Assert.Contains(taken, reply => reply.Code == "RATE_LIMITED");
        Assert.Null(last[0].Code);
        var limited = refused.Where(reply => reply.Code == "RATE_LIMITED").ToList();
        Assert.All(limited, reply => Assert.NotNull(reply.Header("Retry-After")));
        Assert.InRange(limited.Count, 400, 500); // one a second passes
        var expected = 3 + refused.Length - limited.Count; // ann, bob and the operator
        var active = 0;
        await Wait.UntilAsync("bob is counted", async () => (active = await MembersInMemoryAsync(boss)) >= expected);
        Assert.Equal(expected, active);
    }

    [Fact]
    public async Task A_member_reads_as_often_as_allowed_and_can_buy_all_the_same()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("MemberReadsPerSecond", "1")); // ten at once
        var members = await (await Client.OperatorAsync(host.Url)).MembersAsync("ann", 2);

        var lists = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ =>
            members[0].GetAsync("/ticket/reservations")));
        var single = await members[0].GetAsync("/ticket/reservations/1-1");
        var bought = await members[0].ReserveAsync("1");
        var other = await members[1].GetAsync("/ticket/reservations");

        Assert.InRange(lists.Count(reply => reply.Status == HttpStatusCode.OK), 10, 20);
        Assert.Contains(lists, reply => reply.Code == "RATE_LIMITED" && reply.Header("Retry-After") is not null);
        Assert.Equal("RATE_LIMITED", single.Code);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (bought.Status, other.Status));
    }

    [Fact]
    public async Task An_address_has_so_many_streams_and_no_more_until_one_ends()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("TrustedProxies", Proxy), ("StreamsPerAddressMax", "2"));
        var first = await StreamAsync(host, "203.0.113.1");
        await using var second = await StreamAsync(host, "203.0.113.1");

        var refused = await new Client(host.Url).GetAsync(
            "/ticket/events/1/stream", ("X-Forwarded-For", "203.0.113.1"));
        await using var other = await StreamAsync(host, "203.0.113.2");
        await first.DisposeAsync();

        Assert.Equal((429, "TOO_MANY_STREAMS"), ((int)refused.Status, refused.Code));
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.False(refused.Body.GetProperty("terminal").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, other.Answer.StatusCode);
        await Wait.UntilAsync("there is room again", async () =>
        {
            await using var next = await StreamAsync(host, "203.0.113.1");
            return next.Answer.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task A_member_has_so_many_streams_over_all_addresses()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("TrustedProxies", Proxy), ("StreamsPerMemberMax", "1"));
        var members = await (await Client.OperatorAsync(host.Url)).MembersAsync("ann", 2);
        await using var first = await StreamAsync(host, "203.0.113.1", members[0].Token);

        var refused = await members[0].GetAsync("/ticket/events/1/stream", ("X-Forwarded-For", "203.0.113.2"));
        await using var other = await StreamAsync(host, "203.0.113.1", members[1].Token);
        await using var anonymous = await StreamAsync(host, "203.0.113.1");

        Assert.Equal("TOO_MANY_STREAMS", refused.Code);
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK), (other.Answer.StatusCode, anonymous.Answer.StatusCode));
    }

    [Fact]
    public async Task Every_limit_of_a_caller_can_be_turned_off()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("SignUpsPerAddressPerSecond", "0"), ("ListReadsPerAddressPerSecond", "0"), ("MemberReadsPerSecond", "0"),
            ("StreamsPerAddressMax", "0"), ("StreamsPerMemberMax", "0"), ("ConnectionsPerAddressMax", "0"),
            ("FirstRequestTimeout", "00:00:00"));
        var member = (await (await Client.OperatorAsync(host.Url)).MembersAsync("ann", 1))[0];

        var signUps = await SignUpAsync(host, Proxy, Enumerable.Repeat("bob", 300), Password);
        var lists = await Task.WhenAll(Enumerable.Range(1, 200).Select(limit => ListAsync(host, Proxy, limit)));
        var reads = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => member.GetAsync("/ticket/reservations")));
        await using var stream = await StreamAsync(host, Proxy, member.Token);

        Assert.DoesNotContain("RATE_LIMITED", signUps.Concat(lists).Concat(reads).Select(reply => reply.Code));
        Assert.Equal(HttpStatusCode.OK, stream.Answer.StatusCode);
    }

    private static Task<Reply> ListAsync(BoxOfficeHost host, string address, int limit) =>
        new Client(host.Url).GetAsync($"/ticket/events?limit={limit}", ("X-Forwarded-For", address));

    private static Task<EventStream> StreamAsync(BoxOfficeHost host, string address, string? token = null) =>
        token is null
            ? EventStream.OpenAsync(host.Url, "1", null, ("X-Forwarded-For", address))
            : EventStream.OpenAsync(host.Url, "1", null, ("X-Forwarded-For", address), ("x-access-token", token));

    private static async Task<Reply[]> SignUpAsync(
        BoxOfficeHost host, string address, IEnumerable<string> ids, string password)
    {
        var nobody = new Client(host.Url);
        var replies = new List<Reply>();
        foreach (var id in ids)
            replies.Add(await nobody.PostAsync("/member/signup", new { id, password }, ("X-Forwarded-For", address)));
        return [.. replies];
    }

    private static async Task<int> MembersInMemoryAsync(Client boss) =>
        (await boss.GetAsync("/admin/dashboard/DashboardCounters")).Body
            .GetProperty("simpleGrainStats").EnumerateArray()
            .Where(IsMember)
            .Sum(counter => counter.GetProperty("activationCount").GetInt32());

    private static bool IsMember(JsonElement counter) =>
        counter.GetProperty("grainType").GetString() == typeof(MemberGrain).FullName;
}

using System.Net;
using BoxOffice.Api.Hosting;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>Limits that need a host with settings of its own.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task A_login_storm_waits_then_is_told_to_come_back_and_reserving_goes_on()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("PasswordQueueMax", "2"), ("PasswordIterations", "600000"));
        var boss = await Client.OperatorAsync(host.Url);
        var member = (await boss.MembersAsync("buyer", 1))[0];
        var nobody = new Client(host.Url);

        var storm = Enumerable.Range(0, 20)
            .Select(i => nobody.PostAsync("/member/login", new { id = $"nobody{i}", password = $"guess number {i}" }))
            .ToList();
        var reserved = await member.ReserveAsync("1");
        var logins = await Task.WhenAll(storm);

        var busy = logins.Where(reply => reply.Code == "LOGIN_BUSY").ToList();
        Assert.InRange(busy.Count, 1, 18); // one is hashed and two wait; how many more fit depends on the machine
        Assert.All(busy, reply => Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.Status));
        Assert.All(busy, reply => Assert.NotNull(reply.Header("Retry-After")));
        Assert.All(logins.Except(busy), reply => Assert.Equal("BAD_CREDENTIALS", reply.Code));
        Assert.Equal(HttpStatusCode.OK, reserved.Status);
    }

    [Fact]
    public async Task A_crowd_that_shares_one_password_hash_logs_in_for_the_price_of_one()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("PasswordQueueMax", "2"), ("PasswordIterations", "600000"));
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/members", new { prefix = "fan", first = 1, count = 500, password = "load test" });
        await host.StopAsync();
        await host.StartAsync(); // so that nothing is remembered

        var logins = await Task.WhenAll(Enumerable.Range(1, 500).Select(i =>
            new Client(host.Url).PostAsync("/member/login", new { id = $"fan{i}", password = "load test" })));

        // with a queue of two, 500 hashings could not all wait
        Assert.All(logins, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
    }

    [Fact]
    public async Task An_address_that_fails_to_log_in_everywhere_is_slowed_down()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("LoginFailuresPerAddressBurst", "3"), ("LoginFailuresPerAddressPerSecond", "1"));
        var nobody = new Client(host.Url);

        var replies = new List<Reply>();
        for (var i = 0; i < 6; i++)
            replies.Add(await nobody.PostAsync("/member/login", new { id = $"victim{i}", password = "guess" }));

        Assert.Equal("BAD_CREDENTIALS", replies[0].Code);
        var slowed = replies.First(reply => reply.Code == "TOO_MANY_ATTEMPTS");
        Assert.NotNull(slowed.Header("Retry-After"));
        await Wait.UntilAsync("the operator, from the same address, is let in", async () =>
            (await nobody.PostAsync(
                "/member/login",
                new { id = "operator", password = BoxOfficeHost.OperatorPassword })).Status == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1, 198.51.100.0/24")] // not where the calls come from
    public async Task A_caller_that_is_no_trusted_proxy_cannot_appear_as_many_addresses(string trusted)
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("TrustedProxies", trusted), ("LoginFailuresPerAddressBurst", "3"));

        var codes = await FailToLogInAsync(host, attempt => $"203.0.113.{attempt}");

        Assert.Contains("TOO_MANY_ATTEMPTS", codes);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("2001:db8::1, 127.0.0.0/8")]
    public async Task A_trusted_proxy_calls_for_each_buyers_own_address(string trusted)
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("TrustedProxies", trusted), ("LoginFailuresPerAddressBurst", "3"));

        var many = await FailToLogInAsync(host, attempt => $"203.0.113.{attempt}");
        // only the last part is the proxy's
        var one = await FailToLogInAsync(host, attempt => $"203.0.113.{attempt}, 203.0.113.200");
        var another = await new Client(host.Url).PostAsync(
            "/member/login", new { id = "victim", password = "guess" }, ("X-Forwarded-For", "203.0.113.201"));

        Assert.All(many, code => Assert.Equal("BAD_CREDENTIALS", code));
        Assert.Contains("TOO_MANY_ATTEMPTS", one);
        Assert.Equal("BAD_CREDENTIALS", another.Code);
    }

    [Fact]
    public async Task An_address_is_limited_only_when_an_operator_turns_it_on()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("AddressCallsPerSecond", "5"));
        var nobody = new Client(host.Url);

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => nobody.GetAsync("/ticket/events/1")));

        Assert.Contains(replies, reply => reply.Code == "RATE_LIMITED");
        Assert.Contains(replies, reply => reply.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_signed_with_the_previous_key_is_still_believed()
    {
        await using var before = await BoxOfficeHost.StartEmbeddedAsync(
            ("TokenKey", "the old key, which is long enough for HS256"));
        var old = (await (await Client.OperatorAsync(before.Url)).MembersAsync("ann", 1))[0].Token!;
        await using var rotated = await BoxOfficeHost.StartEmbeddedAsync(
            ("TokenKey", "the new key, which is long enough for HS256"),
            ("TokenKeyPrevious", "the old key, which is long enough for HS256"));
        await using var forgotten = await BoxOfficeHost.StartEmbeddedAsync(
            ("TokenKey", "the new key, which is long enough for HS256"));

        var kept = await new Client(rotated.Url, old).GetAsync("/ticket/reservations");
        var refused = await new Client(forgotten.Url, old).GetAsync("/ticket/reservations");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (kept.Status, refused.Status));
    }

    [Fact]
    public async Task More_cohorts_or_larger_ones_than_allowed_are_refused_and_the_first_stays()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("CohortsMax", "1"), ("BulkCountMax", "5"));
        var boss = await Client.OperatorAsync(host.Url);

        var tooLarge = await boss.PostAsync(
            "/admin/members", new { prefix = "a", first = 1, count = 6, password = "load test" });
        var tooManyTokens = await boss.PostAsync("/admin/tokens", new { prefix = "a", first = 1, count = 6 });
        var first = await boss.PostAsync("/admin/members", new { prefix = "a", count = 5, password = "load test" });
        var second = await boss.PostAsync("/admin/members", new { prefix = "b", count = 5, password = "load test" });

        Assert.Equal(("VALIDATION_FAILED", "VALIDATION_FAILED"), (tooLarge.Code, tooManyTokens.Code));
        Assert.Equal(5, first.Data.GetProperty("created").GetInt32());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "TOO_MANY_COHORTS"), (second.Status, second.Code));
        Assert.Equal(
            HttpStatusCode.OK,
            (await boss.PostAsync("/member/login", new { id = "a5", password = "load test" })).Status);
        Assert.Equal(
            "BAD_CREDENTIALS", (await boss.PostAsync("/member/login", new { id = "b1", password = "load test" })).Code);
    }

    [Fact]
    public async Task A_front_end_that_remembers_nothing_still_lets_members_in()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("TokensRememberedMax", "0"), ("PasswordsRememberedMax", "0"));
        var boss = await Client.OperatorAsync(host.Url);

        var members = await boss.MembersAsync("ann", 1);

        Assert.Equal(HttpStatusCode.OK, (await members[0].ReserveAsync("1", key: "k")).Status);
        Assert.Equal("true", (await members[0].ReserveAsync("1", key: "k")).Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Passwords_are_hashed_by_threads_that_give_way_to_the_sale()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();
        await Client.OperatorAsync(host.Url); // one was hashed

        var policies = Directory.GetDirectories($"/proc/{host.Api.Id}/task")
            .Where(thread => File.ReadAllText($"{thread}/comm").Trim() == "passwords")
            // The name, which may have spaces, ends with ')'; the policy is the 41st field, 38 behind it (proc(5)).
            // SCHED_IDLE is 5.
            .Select(thread =>
                File.ReadAllText($"{thread}/stat").Split(')')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[38]);

        Assert.Equal(["5"], policies.Distinct());
    }

    [Fact]
    public async Task An_idle_connection_is_kept_as_long_as_it_is_set_and_no_longer()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("KeepAlive", "00:00:02"));
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(host.Url.Host, host.Url.Port);
        var stream = socket.GetStream();
        var request = "GET /alive HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();
        using var reader = new StreamReader(stream);

        await stream.WriteAsync(request);
        var first = await reader.ReadLineAsync();
        await stream.WriteAsync(request);
        var rest = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(20)); // ends when the server closes

        Assert.Equal("HTTP/1.1 200 OK", first);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(rest, "HTTP/1.1 200 OK"));
    }

    [Theory]
    [InlineData(20_000L, 16_384L, null)]
    [InlineData(null, null, null)]
    [InlineData(1_024L, 16_384L, "open files 1024")]
    [InlineData(20_000L, 512L, "places to connect 512")]
    public void A_machine_that_is_too_small_for_a_crowd_is_told_in_one_line(
        long? openFiles, long? acceptQueue, string? expected)
    {
        var warning = KernelLimits.WarningOf(openFiles, acceptQueue);

        if (expected is null) Assert.Null(warning);
        else Assert.Contains(expected, warning, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", warning ?? "", StringComparison.Ordinal);
    }

    /// <summary>Ten wrong passwords of ten members, so that no account is slowed down for itself.</summary>
    private static async Task<List<string?>> FailToLogInAsync(BoxOfficeHost host, Func<int, string> forwardedFor)
    {
        var nobody = new Client(host.Url);
        var codes = new List<string?>();
        for (var i = 0; i < 10; i++)
        {
            var reply = await nobody.PostAsync(
                "/member/login", new { id = $"victim{i}", password = "guess" }, ("X-Forwarded-For", forwardedFor(i)));
            codes.Add(reply.Code);
        }
        return codes;
    }
}

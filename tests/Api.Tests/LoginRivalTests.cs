using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>Logging in beside a rival who tries passwords from thousands of addresses.</summary>
public sealed class LoginRivalTests
{
    private const string Proxy = "127.0.0.1";
    private const string Home = "192.0.2.1";
    private const string Password = "a word of my own";

    // Nothing is remembered, and a queue of two is full for as long as the rival likes.
    private static readonly (string, string)[] SlowHashing =
    [
        ("TrustedProxies", Proxy), ("PasswordQueueMax", "2"), ("PasswordIterations", "400000"),
        ("PasswordsRememberedMax", "0"),
    ];

    [Theory]
    [InlineData("ann")]
    [InlineData("operator")]
    public async Task The_member_gets_in_within_a_minute_from_a_new_address(string id)
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("TrustedProxies", Proxy), ("OperatorPassword", Password), ("LoginFailuresPerAccount", "10"));
        var nobody = new Client(host.Url);
        if (id == "ann") await nobody.PostAsync("/member/signup", new { id, password = Password });
        using var stop = new CancellationTokenSource();
        var rival = AttackAsync(nobody, id, stop.Token);
        await Wait.UntilAsync("addresses are slowed down", async () =>
            (await LogInAsync(nobody, id, "guess", "10.0.0.1")).Code == "TOO_MANY_ATTEMPTS");
        var since = Stopwatch.GetTimestamp();

        Reply reply;
        do
        {
            reply = await LogInAsync(nobody, id, Password, Home);
            if (reply.Header("Retry-After") is { } seconds)
                await Task.Delay(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        }
        while (reply.Status != HttpStatusCode.OK && Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await rival;

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task An_address_of_the_member_is_known_after_a_restart()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(
            ("TrustedProxies", Proxy), ("LoginFailuresPerAccount", "6"), ("LoginFailuresPerAddress", "4"));
        var nobody = new Client(host.Url);
        await nobody.PostAsync("/member/signup", new { id = "ann", password = Password });
        await LogInAsync(nobody, "ann", Password, Home);
        await host.StartAgainAsync();

        for (var i = 0; i < 6; i++) await LogInAsync(nobody, "ann", "guess", $"10.0.0.{i}");
        var known = new List<string?>();
        var unknown = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            known.Add((await LogInAsync(nobody, "ann", "mistyped", Home)).Code);
            unknown.Add((await LogInAsync(nobody, "ann", "guess", "192.0.2.2")).Code);
        }

        Assert.Equal(["BAD_CREDENTIALS", "BAD_CREDENTIALS", "BAD_CREDENTIALS"], known);
        Assert.Contains("TOO_MANY_ATTEMPTS", unknown);
        Assert.Equal(HttpStatusCode.OK, (await LogInAsync(nobody, "ann", Password, Home)).Status);
    }

    [Fact]
    public async Task The_member_at_a_known_address_gets_in_beside_a_rival_who_keeps_the_queue_full()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync([.. SlowHashing]);
        var nobody = new Client(host.Url);
        await nobody.PostAsync("/member/signup", new { id = "ann", password = Password });
        await LogInAsync(nobody, "ann", Password, Home);
        using var stop = new CancellationTokenSource();
        var rival = AttackAsync(nobody, "ann", stop.Token);
        await Wait.UntilAsync("the queue is full", async () =>
            (await LogInAsync(nobody, "bob", "guess", "10.1.0.1")).Code == "LOGIN_BUSY");

        var replies = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++) replies.Add((await LogInAsync(nobody, "ann", Password, Home)).Status);
        await stop.CancelAsync();
        await rival;

        Assert.All(replies, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task The_operators_way_in_does_not_depend_on_the_queue_of_the_members()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync([.. SlowHashing, ("Metrics", "true")]);
        var nobody = new Client(host.Url);
        var basic = "Basic " + Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"operator:{BoxOfficeHost.OperatorPassword}"));
        await LogInAsync(nobody, "operator", BoxOfficeHost.OperatorPassword, Home);
        using var stop = new CancellationTokenSource();
        var rival = AttackAsync(nobody, "another", stop.Token);
        await Wait.UntilAsync("the queue is full", async () =>
            (await LogInAsync(nobody, "ann", "guess", "10.1.0.1")).Code == "LOGIN_BUSY");

        var console = await LogInAsync(nobody, "operator", BoxOfficeHost.OperatorPassword, Home);
        var away = await LogInAsync(nobody, "operator", BoxOfficeHost.OperatorPassword, "192.0.2.7");
        var metrics = await nobody.GetAsync(
            "/admin/metrics", ("X-Forwarded-For", Home), ("Authorization", basic));
        var dashboard = await nobody.GetAsync(
            "/admin/dashboard/", ("X-Forwarded-For", Home), ("Authorization", basic));
        await stop.CancelAsync();
        await rival;

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK),
            (console.Status, away.Status, metrics.Status, dashboard.Status));
    }

    /// <summary>Tries passwords, each from the next of 10,000 addresses, as fast as it can.</summary>
    private static Task AttackAsync(Client nobody, string id, CancellationToken stop)
    {
        var tries = 0;
        return Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref tries) % 10_000;
                await LogInAsync(nobody, id, $"guess {number}", $"10.0.{number / 250}.{number % 250}");
            }
        }));
    }

    private static Task<Reply> LogInAsync(Client nobody, string id, string password, string address) =>
        nobody.PostAsync("/member/login", new { id, password }, ("X-Forwarded-For", address));
}

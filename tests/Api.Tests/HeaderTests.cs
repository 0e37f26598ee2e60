using System.Net;
using System.Text.RegularExpressions;
using BoxOffice.Api.Hosting;
using BoxOffice.Api.Identity;
using BoxOffice.Api.Startup;
using BoxOffice.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace BoxOffice.Api.Tests;

/// <summary>What every answer has: it is not decided by each endpoint.</summary>
public sealed partial class HeaderTests(Hosts hosts)
{
    [Theory, BothForms]
    public async Task Every_answer_of_every_endpoint_has_the_headers_that_it_must(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10, maxPerMember: 10);
        var ann = await stage.MemberAsync();
        var reservation = (await ann.ReserveAsync(stage.EventId)).Data.GetProperty("reservationId").GetString()!;
        var calls = MappedEndpoints.All()
            .SelectMany(endpoint => endpoint.Methods().Select(method => (
                Method: method,
                Path: PathOf(endpoint.RoutePattern.RawText!, stage.EventId, reservation),
                NeedsToken: endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null)))
            .Append((Method: "GET", Path: "/no/such/path", NeedsToken: false))
            .Append((Method: "PUT", Path: "/alive", NeedsToken: false))
            .Where(call => !call.Path.EndsWith("/repair", StringComparison.Ordinal))
            .OrderBy(call => call.Path == "/member/logout") // it ends the tokens of the calls after it
            .ToList();
        var findings = new List<string>();

        Assert.True(calls.Count > 50, $"{calls.Count} calls");
        foreach (var (method, path, needsToken) in calls)
        {
            foreach (var client in new[] { stage.Nobody, ann, stage.Operator })
            {
                if (path.EndsWith("/stream", StringComparison.Ordinal) && method == "GET") continue; // it does not end
                var reply = await client.SendAsync(new(method), path, null);
                findings.AddRange(FaultsOf(reply, needsToken).Select(
                    fault => $"{method} {path} {(int)reply.Status}: {fault}"));
            }
        }
        var login = await stage.Nobody.PostAsync(
            "/member/login", new { id = "operator", password = BoxOfficeHost.OperatorPassword });
        findings.AddRange(FaultsOf(login, needsToken: true));

        Assert.Empty(findings);
    }

    [Theory, BothForms]
    public async Task The_numbers_of_events_are_revalidated_each_time(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 10);

        foreach (var path in new[] { "/ticket/events", $"/ticket/events/{stage.EventId}" })
        {
            var reply = await stage.Nobody.GetAsync(path);
            Assert.Equal("no-cache", reply.Header("Cache-Control"));
            // Other tests change the list.
            await Wait.UntilAsync($"{path} is known", async () =>
            {
                var tag = (await stage.Nobody.GetAsync(path)).Header("ETag")!;
                var again = await stage.Nobody.GetAsync(path, ("If-None-Match", tag));
                return again.Status == HttpStatusCode.NotModified && again.Header("Cache-Control") == "no-cache";
            });
        }
    }

    [Fact]
    public async Task An_endpoint_that_does_not_say_who_may_call_it_is_closed()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.AddHttpPipeline();
        builder.Services.AddSingleton(new TokenKeys(BoxOfficeHost.TokenKey));
        builder.Services.AddSingleton(TimeProvider.System);
        await using var app = builder.Build();
        app.UseDefaultHeaders();
        app.UseHttpPipeline();
        app.MapGet("/forgotten", () => "a secret");
        app.MapGet("/public", () => "a poster").AllowAnonymous();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var token = app.Services.GetRequiredService<Tokens>().Issue("ann", MemberRole.Member).Token;
        var (nobody, ann) = (new Client(new(address.First())), new Client(new(address.First()), token));

        Assert.Equal("UNAUTHENTICATED", (await nobody.GetAsync("/forgotten")).Code);
        Assert.Equal("a secret", (await ann.GetAsync("/forgotten")).Text);
        Assert.Equal("a poster", (await nobody.GetAsync("/public")).Text);
        Assert.Equal("NOT_FOUND", (await nobody.GetAsync("/none")).Code);
        Assert.Equal("METHOD_NOT_ALLOWED", (await nobody.PostAsync("/public")).Code);
    }

    [Fact]
    public void Every_endpoint_says_who_may_call_it() => Assert.Empty(MappedEndpoints.All()
        .Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
            && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        .Select(endpoint => endpoint.RoutePattern.RawText));

    private static IEnumerable<string> FaultsOf(Reply reply, bool needsToken)
    {
        var cache = reply.Header("Cache-Control");
        if (reply.Header("X-Content-Type-Options") != "nosniff") yield return "no nosniff";
        if (cache is null) yield return "no Cache-Control";
        else if ((needsToken || (int)reply.Status >= 400) && !cache.Contains("no-store", StringComparison.Ordinal))
            yield return cache;
        if (reply.Message.Content.Headers.ContentType?.MediaType != "text/html") yield break;
        var policy = reply.Header("Content-Security-Policy") ?? "";
        foreach (var rule in new[] { "default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'" })
            if (!policy.Contains(rule, StringComparison.Ordinal)) yield return $"no {rule}";
        if (policy.Contains("script-src", StringComparison.Ordinal)
            && !policy.Contains("script-src 'self';", StringComparison.Ordinal)) yield return policy;
    }

    private static string PathOf(string pattern, string eventId, string reservationId) => RouteParameter().Replace(
        pattern, parameter => parameter.Value switch
        {
            "{eventId}" => eventId,
            "{reservationId}" => reservationId,
            _ => "1",
        });

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex RouteParameter();
}

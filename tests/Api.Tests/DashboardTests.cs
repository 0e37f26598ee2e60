using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BoxOffice.Api.Endpoints;
using BoxOffice.Grains;
using BoxOffice.Grains.Events;
using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Members;
using BoxOffice.Grains.Rehearsal;
using BoxOffice.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace BoxOffice.Api.Tests;

public sealed partial class DashboardTests(Hosts hosts)
{
    private const string Page = DashboardEndpoints.Prefix + "/";
    private const string Password = "see you at the show";

    [Theory, BothForms]
    public async Task Every_path_of_the_dashboard_reads_and_is_for_operators_only(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var member = await stage.MemberAsync();
        var mapped = Mapped();

        Assert.True(mapped.Count > 20, $"{mapped.Count} paths");
        foreach (var endpoint in mapped)
        {
            var path = RouteParameter().Replace(endpoint.RoutePattern.RawText!, "1");
            var asStranger = await stage.Nobody.GetAsync(path);
            var asMember = await member.GetAsync(path);

            Assert.Equal(["GET"], endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods);
            AssertProblem(asStranger, HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
            Assert.Equal(
                ["Basic", "Bearer"], asStranger.Message.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
            AssertProblem(asMember, HttpStatusCode.Forbidden, "FORBIDDEN");
        }
    }

    [Theory, BothForms]
    public async Task Operators_get_the_page_with_all_that_it_loads_and_other_callers_nothing(Form form)
    {
        var stage = await hosts.StageAsync(form);
        var index = await stage.Operator.GetAsync(DashboardEndpoints.Prefix);
        var style = await stage.Operator.GetAsync(Page + "index.css");
        var assets = References().Matches(index.Text + style.Text)
            .Select(found => found.Groups["path"].Value)
            .Distinct()
            .ToList();
        var calls = Mapped().Select(endpoint => endpoint.RoutePattern)
            .Where(route => route.Parameters.Count == 0 && !route.RawText!.EndsWith("Trace", StringComparison.Ordinal));

        Assert.EndsWith(Page, index.Message.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
        Assert.Contains("index.min.js", assets);
        Assert.Contains(assets, asset => asset.EndsWith(".woff2", StringComparison.Ordinal));
        foreach (var path in assets.Select(asset => Page + asset).Concat(calls.Select(call => call.RawText!)))
        {
            var asOperator = await stage.Operator.GetAsync(path);
            var asStranger = await stage.Nobody.GetAsync(path);

            Assert.Equal((HttpStatusCode.OK, path), (asOperator.Status, path));
            Assert.True(asOperator.Message.Headers.CacheControl?.NoStore, path);
            Assert.Equal((HttpStatusCode.Unauthorized, path), (asStranger.Status, path));
        }
    }

    [Theory, BothForms]
    public async Task The_silo_and_the_event_that_was_sold_from_are_shown(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);
        await (await stage.MemberAsync()).ReserveAsync(stage.EventId);

        JsonElement silo = default;
        await Wait.UntilAsync("an activation of an event is counted", async () =>
        {
            var counters = (await stage.Operator.GetAsync(Page + "DashboardCounters")).Body;
            // Before the Dashboard's first collection there is no host.
            silo = counters.GetProperty("hosts").EnumerateArray().SingleOrDefault();
            return silo.ValueKind == JsonValueKind.Object
                && counters.GetProperty("simpleGrainStats").EnumerateArray().Any(IsActiveEvent);
        });

        Assert.Equal("Active", silo.GetProperty("status").GetString());
        var address = silo.GetProperty("siloAddress").GetString();
        string[] abouts = ["SiloProperties", "SiloMetadata", "SiloStats", "HistoricalStats", "SiloCounters"];
        foreach (var about in abouts)
            Assert.Equal(
                (HttpStatusCode.OK, about),
                ((await stage.Operator.GetAsync($"{Page}{about}/{address}")).Status, about));
        await Wait.UntilAsync("the silo's meters are shown", async () =>
            (await stage.Operator.GetAsync($"{Page}SiloCounters/{address}")).Body.EnumerateArray().Any(IsActivations));
    }

    [Theory, BothForms]
    public async Task A_browser_gets_in_with_an_operators_password_and_no_other(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.Nobody.PostAsync("/member/signup", new { id = stage.Name, password = Password });

        var asOperator = await stage.Nobody.GetAsync(Page, Basic("operator", BoxOfficeHost.OperatorPassword));
        var asMember = await stage.Nobody.GetAsync(Page, Basic(stage.Name, Password));
        (string Name, string Value)[] wrong =
        [
            Basic(stage.Name, "not the password"), Basic("no such id!", Password), Basic("operator", ""), Basic("", ""),
            ("Authorization", "Basic ?"), ("Authorization", "Basic " + Convert.ToBase64String("no colon"u8)),
        ];

        Assert.Equal(
            (HttpStatusCode.OK, "text/html"),
            (asOperator.Status, asOperator.Message.Content.Headers.ContentType?.MediaType));
        AssertProblem(asMember, HttpStatusCode.Forbidden, "FORBIDDEN");
        foreach (var credentials in wrong)
        {
            var reply = await stage.Nobody.GetAsync(Page, credentials);
            AssertProblem(reply, HttpStatusCode.Unauthorized, "BAD_CREDENTIALS");
            Assert.Equal(
                "realm=\"BoxOffice operators\", charset=\"UTF-8\"",
                reply.Message.Headers.WwwAuthenticate.First().Parameter);
        }
    }

    [Theory, BothForms]
    public async Task Guessing_at_the_dashboard_is_guessing_at_the_login(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.Nobody.PostAsync("/member/signup", new { id = stage.Name, password = Password });

        for (var i = 0; i < 5; i++) await stage.Nobody.GetAsync(Page, Basic(stage.Name, "guess"));
        var login = await stage.Nobody.PostAsync("/member/login", new { id = stage.Name, password = Password });
        var browser = await stage.Nobody.GetAsync(Page, Basic(stage.Name, Password));

        AssertProblem(login, HttpStatusCode.TooManyRequests, "TOO_MANY_ATTEMPTS");
        AssertProblem(browser, HttpStatusCode.TooManyRequests, "TOO_MANY_ATTEMPTS");
        Assert.NotNull(browser.Header("Retry-After"));
        Assert.Empty(browser.Message.Headers.WwwAuthenticate); // or a browser would ask for another password
    }

    [Theory, BothForms]
    public async Task A_browsers_password_opens_nothing_else(Form form)
    {
        var stage = await hosts.StageAsync(form);

        foreach (var path in new[] { "/admin/events/1/reconcile", "/ticket/reservations" })
        {
            var reply = await stage.Nobody.GetAsync(path, Basic("operator", BoxOfficeHost.OperatorPassword));
            AssertProblem(reply, HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
            Assert.Equal("Bearer", reply.Header("WWW-Authenticate"));
        }
    }

    [Theory, BothForms]
    public async Task Neither_logs_nor_what_a_grain_keeps_are_shown(Form form)
    {
        var stage = await hosts.StageAsync(form);
        await stage.OpenAsync(capacity: 1);

        AssertProblem(await stage.Operator.GetAsync(Page + "Trace"), HttpStatusCode.NotFound, "NOT_FOUND");
        (Type Type, string Id)[] grains =
        [
            (typeof(TicketEventGrain), stage.EventId), (typeof(MemberGrain), "member-operator"),
            (typeof(CohortGrain), "0"), (typeof(JournalGrain), "0"),
        ];
        foreach (var (type, id) in grains)
        {
            var state = await stage.Operator.GetAsync($"{Page}GrainState?grainType={type.FullName}&grainId={id}");
            Assert.Equal((type, "{}"), (type, state.Body.GetString()));
        }
    }

    [Theory, BothForms]
    public async Task Left_out_there_is_no_dashboard_and_tickets_are_sold(Form form)
    {
        await using var host = await hosts.StartAsync(form, ("Dashboard", "false"));
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 1 });

        AssertProblem(await boss.GetAsync(Page), HttpStatusCode.NotFound, "NOT_FOUND");
        Assert.Equal(HttpStatusCode.OK, (await boss.ReserveAsync("gala")).Status);
    }

    /// <summary>
    /// The paths that a front-end maps, found without starting one: a path that a new version adds is tested, too.
    /// </summary>
    private static List<RouteEndpoint> Mapped()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddBoxOffice(new BoxOfficeOptions());
        builder.UseOrleansClient(client => client.UseLocalhostClustering().AddDashboard());
        var app = builder.Build();
        app.MapDashboard();
        var sources = ((IEndpointRouteBuilder)app).DataSources;
        return [.. sources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()];
    }

    private static bool IsActiveEvent(JsonElement counter) =>
        counter.GetProperty("grainType").GetString() == typeof(TicketEventGrain).FullName
            && counter.GetProperty("activationCount").GetInt32() > 0;

    private static bool IsActivations(JsonElement counter) =>
        counter.GetProperty("name").GetString() == "orleans-catalog-activations";

    private static void AssertProblem(Reply reply, HttpStatusCode status, string code)
    {
        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Equal("application/problem+json", reply.Message.Content.Headers.ContentType?.MediaType);
    }

    private static (string Name, string Value) Basic(string id, string password) =>
        ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{password}")));

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex RouteParameter();

    // The targets in src and href, and in the style's url(…).
    [GeneratedRegex("""(?:src="|href="|url\()(?:\./)?(?<path>[\w./-]+\.\w+)["?#)]""")]
    private static partial Regex References();
}

using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

public sealed partial class MetricsTests(Hosts hosts)
{
    [Fact]
    public async Task Every_documented_instrument_is_scraped_with_its_kind_and_no_other_of_ours()
    {
        await using var host = await hosts.StartAsync(Form.Embedded, ("Metrics", "true"));
        await SellAsync(host);

        var scraped = TypePattern().Matches(await ScrapeAsync(host.Url))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        var documented = InstrumentPattern().Matches(
            await File.ReadAllTextAsync(ProgramProcess.InRepository("docs/telemetry.md")))
            .ToDictionary(
                match => NameOf(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value),
                match => KindOf(match.Groups[2].Value));
        Assert.Equal(
            documented.OrderBy(metric => metric.Key, StringComparer.Ordinal),
            scraped.OrderBy(metric => metric.Key, StringComparer.Ordinal));
        Assert.True(documented.Count > 10);
    }

    [Fact]
    public async Task Counts_are_those_of_the_journal_and_no_tag_is_unbounded()
    {
        await using var host = await hosts.StartAsync(Form.Embedded, ("Metrics", "true"));
        await SellAsync(host);

        var text = await ScrapeAsync(host.Url);

        Assert.Equal(3, Value(text, """boxoffice_reserve_answers_total\{[^}]*boxoffice_code="RESERVED"[^}]*\}"""));
        Assert.Equal(2, Value(text, """boxoffice_reserve_answers_total\{[^}]*boxoffice_code="SOLD_OUT"[^}]*\}"""));
        Assert.Equal(5, Value(text, Stage("count", "total")));
        var stages = new[] { "edge", "queue", "turn", "store", "total" }
            .ToDictionary(stage => stage, stage => Value(text, Stage("sum", stage)));
        Assert.Equal(stages["total"], stages.Values.Sum() - stages["total"], 1e-5);
        var tags = TagPattern().Matches(text).Select(match => match.Groups[1].Value).Distinct().Order();
        Assert.Equal(["boxoffice_append_status", "boxoffice_code", "boxoffice_failure", "boxoffice_stage"], tags);
        Assert.Contains("le=\"0.00025\"", text, StringComparison.Ordinal); // our bounds, not OpenTelemetry's
        // nothing has more series than are kept
        Assert.DoesNotContain("otel_metric_overflow", text, StringComparison.Ordinal);
        Assert.DoesNotContain("gala", text, StringComparison.Ordinal);
        Assert.DoesNotContain("member1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_operators_scrape_a_front_end()
    {
        await using var host = await hosts.StartAsync(Form.Embedded, ("Metrics", "true"));
        var member = (await (await Client.OperatorAsync(host.Url)).MembersAsync("member", 1))[0];

        Assert.Equal(HttpStatusCode.Unauthorized, (await new Client(host.Url).GetAsync("/admin/metrics")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await member.GetAsync("/admin/metrics")).Status);
    }

    [Fact]
    public async Task Metrics_are_not_served_unless_they_are_turned_on()
    {
        var host = await hosts[Form.Embedded];

        Assert.Equal("NOT_FOUND", (await (await Client.OperatorAsync(host.Url)).GetAsync("/admin/metrics")).Code);
    }

    [Fact]
    public async Task A_silo_is_scraped_at_its_own_port()
    {
        var port = ProgramProcess.FreePort();
        await using var host = await hosts.StartAsync(Form.Cluster, ("Metrics", "true"), ("MetricsPort", $"{port}"));
        await SellAsync(host);

        var text = await new HttpClient().GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));

        Assert.Equal(1, Value(text, @"boxoffice_event_active\{[^}]*\}"));
        var appends = """boxoffice_journal_appends_total\{[^}]*boxoffice_append_status="COMMITTED"[^}]*\}""";
        Assert.True(Value(text, appends) >= 2);
        Assert.True(Value(text, @"boxoffice_journal_insert_duration_seconds_count\{[^}]*\}") >= 2);
    }

    /// <summary>Three tickets are sold, two buyers refused, one login fails.</summary>
    private static async Task SellAsync(BoxOfficeHost host)
    {
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 3 });
        foreach (var member in await boss.MembersAsync("member", 5)) await member.ReserveAsync("gala");
        await new Client(host.Url).PostAsync("/member/login", new { id = "operator", password = "not this one" });
    }

    private static async Task<string> ScrapeAsync(Uri url)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{BoxOfficeHost.OperatorPassword}"));
        var reply = await new Client(url).GetAsync("/admin/metrics", ("Authorization", $"Basic {credentials}"));
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return reply.Text;
    }

    private static double Value(string text, string series)
    {
        var line = Regex.Match(text, $@"^{series} ([0-9.eE+-]+)", RegexOptions.Multiline);
        Assert.True(line.Success, $"no {series} in:\n{text}");
        return double.Parse(line.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Stage(string figure, string stage) =>
        $$"""boxoffice_reserve_duration_seconds_{{figure}}\{[^}]*boxoffice_stage="{{stage}}"[^}]*\}""";

    private static string NameOf(string instrument, string kind, string unit) =>
        instrument.Replace('.', '_') + (unit == "s" ? "_seconds" : "") + (kind == "counter" ? "_total" : "");

    private static string KindOf(string kind) => kind == "up-down counter" ? "gauge" : kind;

    [GeneratedRegex(@"^# TYPE (boxoffice_\w+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"^\| `(boxoffice\.[\w.]+)` \| ([\w -]+?) \| (\S+) \|", RegexOptions.Multiline)]
    private static partial Regex InstrumentPattern();

    [GeneratedRegex(@"(boxoffice_\w+)=""")]
    private static partial Regex TagPattern();
}

using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>
/// The dashboards and alerts must use existing names, values of labels and places in the handbook.
/// </summary>
public sealed partial class MonitoringFilesTests(Hosts hosts)
{
    // Made by Prometheus, not scraped.
    private static readonly string[] OfPrometheus = ["up", "ALERTS"];

    // Absent until a limit of the machine is reached, which a test would have to lower for the whole process.
    private static readonly string[] Rare = ["kestrel_rejected_connections_total"];

    // Only PostgreSQL has connections.
    private static readonly string[] OfPostgreSql = ["db_client_connection_count"];

    [Theory, BothForms]
    public async Task Every_metric_that_a_panel_or_an_alert_asks_for_is_scraped(Form form)
    {
        var port = ProgramProcess.FreePort();
        await using var host = await hosts.StartAsync(form, ("Metrics", "true"), ("MetricsPort", $"{port}"));
        await SellAsync(host);
        // a problem, and a connection that ends
        await new Client(host.Url).GetAsync("/nothing/here", ("Connection", "close"));

        var scraped = new HashSet<string>();
        await Testing.Wait.UntilAsync("the connection has ended", async () =>
        {
            scraped = NamesIn(await ScrapeAsync(host.Url));
            return scraped.Contains("kestrel_connection_duration_seconds_count");
        });
        if (form == Form.Cluster) scraped.UnionWith(NamesIn(await new HttpClient().GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"))));

        string[] excused = [.. OfPrometheus, .. Rare, .. form == Form.Embedded ? OfPostgreSql : []];
        var asked = Dashboard().Concat(Alerts().Select(alert => alert.Expression))
            .SelectMany(MetricsOf)
            .Distinct()
            .ToList();
        Assert.Empty(asked.Except(excused).Except(scraped).Order());
        Assert.True(asked.Count > 30, $"only {asked.Count} names were found");
        Assert.Empty(excused.Except(asked));
    }

    [Fact]
    public void The_names_are_found_in_an_expression_and_nothing_else_is()
    {
        var names = MetricsOf("""
            histogram_quantile(0.99, sum by (instance, le) (rate(a_seconds_bucket{code="b_c",le!=""}[5m]))) > 0.25
              and on (job) max_over_time(d_e[$__rate_interval]) unless f_total offset 5m or up == 0
            """);

        Assert.Equal(["a_seconds_bucket", "d_e", "f_total", "up"], names);
    }

    [Fact]
    public void Every_label_of_ours_has_values_that_exist()
    {
        var code = File.ReadAllText(ProgramProcess.InRepository("src/Api/Contracts/Problems.cs"))
            + File.ReadAllText(ProgramProcess.InRepository("src/Api/Timing/EventTally.cs"))
            + File.ReadAllText(ProgramProcess.InRepository("src/Grains/Journal/AppendStatus.cs"))
            + File.ReadAllText(ProgramProcess.InRepository("src/Grains/Telemetry/SaleMetrics.cs"));
        string[] stages = ["edge", "queue", "turn", "store", "total"];

        var values = Dashboard().Concat(Alerts().Select(alert => alert.Expression))
            .SelectMany(expression => MatcherPattern().Matches(expression))
            .SelectMany(match => match.Groups[1].Value.Split('|')).Distinct().ToList();

        Assert.All(values.Except(stages), value => Assert.Contains($"\"{value}\"", code, StringComparison.Ordinal));
        Assert.Contains("UNKNOWN", values);
    }

    [Fact]
    public void Every_alert_says_how_bad_it_is_and_where_the_handbook_has_it()
    {
        var handbook = File.ReadAllLines(ProgramProcess.InRepository("docs/operations.md"));

        foreach (var alert in Alerts())
        {
            Assert.Contains($"### {alert.Name}", handbook);
            Assert.Contains(
                $"runbook_url: docs/operations.md#{alert.Name.ToLowerInvariant()}\n", alert.Text,
                StringComparison.Ordinal);
            Assert.Matches(
                @"(?s)\bfor: \d+[sm]\n.*severity: (critical|warning)\n.*summary: ""[^""]+""\n"
                + @".*description: ""[^""]+""\n",
                alert.Text);
        }
        Assert.Equal(
            Alerts().Select(alert => $"### {alert.Name}").Order(),
            handbook.Where(line => line.StartsWith("### BoxOffice", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Every_panel_explains_itself_and_takes_its_numbers_from_the_chosen_source()
    {
        var panels = ReadDashboard().GetProperty("panels").EnumerateArray().ToList();

        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        foreach (var panel in panels)
        {
            var title = panel.GetProperty("title").GetString()!;
            if (panel.GetProperty("type").GetString() == "row")
            {
                Assert.EndsWith("?", title, StringComparison.Ordinal);
                continue;
            }
            Assert.False(string.IsNullOrWhiteSpace(panel.GetProperty("description").GetString()), title);
            Assert.NotEqual(
                "", panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString());
            Assert.All(panel.GetProperty("targets").EnumerateArray(),
                target => Assert.Equal(
                    "${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString()));
        }
    }

    /// <summary>One ticket is sold, one buyer refused, one login made.</summary>
    private static async Task SellAsync(BoxOfficeHost host)
    {
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "gala", name = "Gala", capacity = 1 });
        foreach (var member in await boss.MembersAsync("member", 2)) await member.ReserveAsync("gala");
    }

    private static async Task<string> ScrapeAsync(Uri url)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{BoxOfficeHost.OperatorPassword}"));
        var reply = await new Client(url).GetAsync("/admin/metrics", ("Authorization", $"Basic {credentials}"));
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        return reply.Text;
    }

    private static HashSet<string> NamesIn(string scrape) =>
        [.. SamplePattern().Matches(scrape).Select(match => match.Groups[1].Value)];

    private static IEnumerable<string> MetricsOf(string expression)
    {
        var bare = GroupingPattern().Replace(LabelsPattern().Replace(expression, " "), " ");
        return NamePattern().Matches(bare).Select(match => match.Value)
            .Where(word => word is not ("and" or "or" or "unless" or "offset" or "bool")).Distinct();
    }

    private static JsonElement ReadDashboard() =>
        JsonDocument.Parse(
            File.ReadAllText(ProgramProcess.InRepository("eng/monitoring/grafana-dashboard.json"))).RootElement;

    /// <summary>Every expression of the dashboard, wherever it stands.</summary>
    private static IEnumerable<string> Dashboard()
    {
        return In(ReadDashboard());

        static IEnumerable<string> In(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object =>
                element.EnumerateObject()
                    .SelectMany(
                        property => property.Name == "expr" ? [property.Value.GetString()!] : In(property.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(In),
            _ => [],
        };
    }

    /// <summary>The rules; promtool, in eng/test.sh, looks whether the file is what Prometheus reads.</summary>
    private static IEnumerable<(string Name, string Expression, string Text)> Alerts()
    {
        var parts = File.ReadAllText(ProgramProcess.InRepository("eng/monitoring/alerts.yml"))
            .Split("      - alert: ")[1..];
        return parts.Select(part =>
            (part[..part.IndexOf('\n', StringComparison.Ordinal)], ExpressionPattern().Match(part).Groups[1].Value,
                part));
    }

    [GeneratedRegex(@"^([a-zA-Z_:][\w:]*)(?:\{| )", RegexOptions.Multiline)]
    private static partial Regex SamplePattern();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|""[^""]*""")]
    private static partial Regex LabelsPattern();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex GroupingPattern();

    // A word that nothing is called with: a function has a parenthesis behind it, a duration a digit before it.
    [GeneratedRegex(@"(?<![\w$.])[a-zA-Z_:][\w:]*\b(?!\s*\()")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"boxoffice_(?:code|stage|append_status|failure)\s*[!=]=?~?\s*""([^""]*)""")]
    private static partial Regex MatcherPattern();

    [GeneratedRegex(@"expr: \|\n((?:          .*\n)+)")]
    private static partial Regex ExpressionPattern();
}

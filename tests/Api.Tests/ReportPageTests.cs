using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BoxOffice.Api.Contracts;
using BoxOffice.Api.Rehearsal;
using Microsoft.AspNetCore.Http;

namespace BoxOffice.Api.Tests;

public sealed partial class ReportPageTests
{
    private const string Evil = "<script>alert(1)</script> \"&' Gala";

    [Fact]
    public void The_page_has_every_figure_and_runs_nothing_and_loads_nothing()
    {
        var page = ReportPage.Of(Rehearsed(Report));

        string[] figures =
        [
            "9,000 buyers came within 10 seconds for 1,000 tickets", "<dd>1,000</dd>", "<dd>8,000</dd>", "4.20 s",
            "6.10 s", "712 ms", "<code>SOLD_OUT</code>", "Every buyer had a final answer.",
        ];
        foreach (var figure in figures)
            Assert.Contains(figure, page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|<link|<img|<iframe|javascript:|https?://(?!www.w3.org)|src=| style=| on[a-z]+=", page);
    }

    [Fact]
    public void Text_cannot_become_markup()
    {
        var page = ReportPage.Of(Rehearsed(Report with
        {
            Exact = false,
            NotExact = [Evil],
            Refused = new Dictionary<string, int> { [Evil] = 1 },
            Bottleneck = new(BottleneckPlace.None, Evil),
        }) with
        { EventName = Evil });

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        // title, heading, verdict, code and bottleneck
        Assert.Equal(5, Regex.Count(page, Regex.Escape(WebUtility.HtmlEncode(Evil))));
        Assert.Contains("Not exact", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_policy_lets_in_this_style_and_nothing_else()
    {
        var headers = new HeaderDictionary();
        ReportPage.SetHeaders(headers);
        var style = StylePattern().Match(ReportPage.Of(Rehearsed(Report))).Groups[1].Value;

        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors "
                + "'none'",
            headers["Content-Security-Policy"]);
    }

    [Fact]
    public void A_rehearsal_without_an_answer_and_the_longest_one_have_a_page_too()
    {
        var seconds = Enumerable.Range(0, 900).Select(at => new CurvePoint(at, 1, 0, 0, 1, 0, null)).ToArray();

        var nothing = ReportPage.Of(Rehearsed(Report with
        {
            Curve = [],
            Latency = new(null, null, null),
            SellOutSeconds = null,
            Dominant = null,
            Refused = new Dictionary<string, int>(),
        }));
        var longest = ReportPage.Of(Rehearsed(Report with { Curve = seconds }));

        Assert.DoesNotContain("NaN", nothing + longest, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", nothing + longest, StringComparison.Ordinal);
    }

    [Fact]
    public void Seconds_without_an_answer_are_a_gap_in_the_curve()
    {
        double?[] p99 = [10, 20, null, null, 30];
        var page = ReportPage.Of(
            Rehearsed(Report with { Curve = [.. p99.Select((ms, at) => new CurvePoint(at, 1, 1, 0, 0, 0, ms))] }));

        Assert.Equal(3, Regex.Count(page, "<polyline")); // the waiting buyers, and p99 before and after the gap
    }

    [Fact]
    public void A_report_is_stored_and_read_as_it_was()
    {
        var json = JsonSerializer.Serialize(Report, RehearsalJson.Default.RehearsalReport);

        Assert.Equal(
            json,
            JsonSerializer.Serialize(
                JsonSerializer.Deserialize(json, RehearsalJson.Default.RehearsalReport),
                RehearsalJson.Default.RehearsalReport));
    }

    private static readonly RehearsalReport Report = new(
        true, [], 1_000, 0, new Dictionary<string, int> { ["SOLD_OUT"] = 8_000 }, 0, 0,
        new Dictionary<string, int> { ["BUSY"] = 12 }, 0, 4.2, 6.1,
        new(
            new(1_000, 400, 380, 600, 690, 700), new(8_000, 500, 480, 650, 712, 730),
            new(9_000, 490, 470, 640, 712, 730)),
        [new(0, 4_500, 600, 1_000, 0, 2_900, 650), new(1, 4_500, 400, 7_000, 0, 0, 730)],
        [Stage("edge", 1), Stage("queue", 20), Stage("turn", 0.1), Stage("store", 4), Stage("total", 25.1)], "queue",
        12.5,
        new(1_000, 0, 0, 1_000, 1_000, 1_000, 0, 0, 0, 1_001), 0, 0,
        new(BottleneckPlace.Queue, "More came in a moment than one event takes."));

    private static StageAnswer Stage(string name, double meanMs) =>
        new(name, 9_000, meanMs, meanMs, meanMs * 2, meanMs * 3);

    private static RehearsalAnswer Rehearsed(RehearsalReport report) => new(
        "r7k2m9", "gala", "Gala", 1_000, 1, 0, new(9_000, 10, 30, 1), RehearsalState.Done, DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch.AddSeconds(9), null,
        new(6.1, 9_000, 1_000, 8_000, 0, 0, 0, 0), true, report);

    [GeneratedRegex("<style>(.*)</style>", RegexOptions.Singleline)]
    private static partial Regex StylePattern();
}

using System.Text.Json;
using BoxOffice.Measure.Comparison;

namespace BoxOffice.Measure.Tests;

/// <summary>The results of the rounds.</summary>
public sealed class ResultsTests
{
    private static readonly string[] Keys =
    [
        "u_e1", "embedded_e1", "refused_e1", "refused_with_keys_e1", "u_p1", "u_p2", "u_o1", "u_r1", "cpu_e1",
        "p99_half_e1", "single_p1",
        "login_p99", "events_cost", "silos_cost", "again_cpu", "observed_cpu", "exported_cpu", "scraped_cpu",
        "burst_failed", "oversold", "lost",
    ];

    private static readonly Machine Machine = new(
        "a processor", 2, 24, "6.18", DateTimeOffset.UnixEpoch, "0123456",
        new Dictionary<string, string> { ["wrk"] = "4.1" });

    [Fact]
    public void A_ratio_compares_what_was_measured_in_the_same_round()
    {
        // The machine is twice as fast in the second round and half as fast in the third: it cancels out.
        var results = Hot(
            ("U", 1, 300), ("E1", 1, 600), ("U", 2, 600), ("E1", 2, 1_200), ("U", 3, 150), ("E1", 3, 300));

        Assert.Equal([0.5, 0.5, 0.5], Ratios.Of(results)["u_e1"]!);
    }

    [Fact]
    public void A_round_in_which_one_of_both_is_missing_does_not_count()
    {
        var results = Hot(("U", 1, 300), ("E1", 1, 600), ("U", 2, 900));

        Assert.Equal([0.5], Ratios.Of(results)["u_e1"]!);
    }

    [Fact]
    public void Tickets_lost_by_other_systems_do_not_count_as_ours()
    {
        var results = new Results();
        results.Add(new("hot-256", "P1", 1, new() { [Figure.Lost] = 5 }));
        results.Add(new("hot-256", "U-embedded", 1, new() { [Figure.Lost] = 2 }));
        results.Add(new("hot-256", "U", 1, new() { [Figure.Lost] = 1, [Figure.Oversold] = 4 }));

        Assert.Equal([3], Ratios.Of(results)["lost"]!);
        Assert.Equal([4], Ratios.Of(results)["oversold"]!);
    }

    [Fact]
    public void The_file_has_exactly_these_ratios_for_any_set_of_systems()
    {
        var written = ResultsFile.Write(
            Machine, Plan.Of(["--short"]), new Dictionary<int, double>(), "", Hot(("U", 1, 300), ("E1", 1, 600)));

        var ratios = JsonDocument.Parse(written).RootElement.GetProperty("ratios");
        Assert.Equal(Keys, ratios.EnumerateObject().Select(ratio => ratio.Name));
        Assert.Equal(0.5, ratios.GetProperty("u_e1").GetDouble());
        Assert.Equal(JsonValueKind.Null, ratios.GetProperty("u_p1").ValueKind);
    }

    [Fact]
    public void The_file_has_every_figure_with_its_median_and_range()
    {
        var written = ResultsFile.Write(
            Machine, Plan.Of([]), new Dictionary<int, double>(), "", Hot(("U", 1, 300), ("U", 2, 100), ("U", 3, 200)));

        var figure =
            JsonDocument.Parse(written).RootElement.GetProperty("scenarios").GetProperty("hot-256")
                .GetProperty("U").GetProperty("per_second");
        Assert.Equal(
            (200, 100, 300),
            (figure.GetProperty("median").GetDouble(), figure.GetProperty("min").GetDouble(),
                figure.GetProperty("max").GetDouble()));
    }

    [Fact]
    public void The_report_has_a_table_for_each_scenario()
    {
        var report = MarkdownReport.Write(
            Machine, Plan.Of(["--short"]), new Dictionary<int, double> { [8] = 1 }, "checked", Hot(("U", 1, 1_234)));

        Assert.Contains("## hot-256", report, StringComparison.Ordinal);
        Assert.Contains("| U | 1,234 (1,234 to 1,234) | none |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Series_have_a_median()
    {
        Assert.Equal(2, new[] { 3.0, 1, 2 }.Median());
        Assert.Equal("2.00 (1.00 to 3.00)", new[] { 3.0, 1, 2 }.MedianAndRange());
    }

    [Fact]
    public void A_plan_can_be_cut_down()
    {
        var plan = Plan.Of(["--short", "--only", "U,E1", "--rounds", "1"]);

        Assert.Equal((true, 1, 4), (plan.IsShort, plan.Rounds, plan.Seconds));
        Assert.True(plan.Includes("E1"));
        Assert.False(plan.Includes("U-embedded"));
        Assert.Equal(
            (true, false, false),
            (Plan.Of(["--short"]).Includes("R1"), Plan.Of(["--short"]).Includes("R2"),
                Plan.Of(["--short"]).Includes("U-again")));
        Assert.Equal((true, true), (Plan.Of([]).Includes("R2"), Plan.Of(["--short", "--only", "R2"]).Includes("R2")));
        Assert.True(Plan.Of(["--scenarios", "hot-256,refusals"]).Has("refusals"));
        Assert.False(Plan.Of(["--scenarios", "hot-256,refusals"]).Has("hot-1"));
    }

    [Fact]
    public void What_a_part_brings_is_seen_at_the_maximum_and_elsewhere_when_it_is_named()
    {
        var (whole, named) = (Plan.Of([]), Plan.Of(["--only", "U,U-uncoalesced"]));

        Assert.True(whole.HasTurnAt(Plan.Crowd, "U-uncoalesced"));
        Assert.Equal((false, true), (whole.HasTurnAt(16, "U-uncoalesced"), whole.HasTurnAt(16, "U-embedded")));
        Assert.Equal((false, true), (whole.HasTurnUnderLoad("U-uncoalesced"), whole.HasTurnUnderLoad("U-embedded")));
        Assert.Equal((true, true), (named.HasTurnAt(16, "U-uncoalesced"), named.HasTurnUnderLoad("U-uncoalesced")));
    }

    [Theory]
    [InlineData("hot-265", "There is no scenario hot-265. There are hot-256, hot-1, refusals, offered-50, "
        + "logins-storm, burst-9000, events-1000.")]
    [InlineData("refusals,offered-50", "offered-50 needs hot-256, which finds the maximum.")]
    public void A_scenario_that_cannot_be_run_is_refused_before_anything_starts(string scenarios, string sentence)
    {
        var refused = Assert.Throws<ArgumentException>(() => Plan.Of(["--short", "--scenarios", scenarios]));

        Assert.Equal(sentence, refused.Message);
    }

    [Fact]
    public void An_unknown_option_is_rejected_and_does_not_start_a_run()
    {
        Assert.Throws<ArgumentException>(() => Plan.Of(["--short", "--hot"]));
    }

    [Fact]
    public void Only_a_whole_run_is_kept()
    {
        Assert.True(Plan.Of([]).IsWhole);
        Assert.True(Plan.Of(["--short"]).IsWhole);
        Assert.False(Plan.Of(["--short", "--rounds", "1"]).IsWhole);
        Assert.False(Plan.Of(["--seconds", "1"]).IsWhole);
        Assert.False(Plan.Of(["--only", "U,E1"]).IsWhole);
        Assert.False(Plan.Of(["--scenarios", "hot-256"]).IsWhole);
    }

    [Fact]
    public void The_kernel_tells_of_full_accept_queues()
    {
        var counts = AcceptQueues.Parse(
            ["TcpExt: SyncookiesSent ListenOverflows ListenDrops", "TcpExt: 1 22 333", "IpExt: InOctets", "IpExt: 9"]);

        Assert.Equal((22, 333), counts);
    }

    [Fact]
    public void A_chart_is_well_formed_whatever_it_is_called()
    {
        var svg = System.Xml.Linq.XDocument.Parse(
            BarChart.Draw(
                "a < b & \"c\"", "note", [new("U", 10, 8, 12, IsOurs: true), new("E1", 20, 20, 20, IsOurs: false)]));

        Assert.Equal(2, svg.Descendants().Count(element => element.Name.LocalName == "rect"));
    }

    private static Results Hot(params (string Contestant, int Round, double PerSecond)[] turns)
    {
        var results = new Results();
        foreach (var (contestant, round, perSecond) in turns)
            results.Add(new("hot-256", contestant, round, new() { [Figure.PerSecond] = perSecond }));
        return results;
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>
/// The documents' figures of the comparison are those that <c>eng/bench.sh</c> found: <c>bench/results/latest.json</c>.
/// </summary>
public sealed partial class BenchmarkDocumentsTests
{
    private const int LinesMax = 200;

    private static readonly string Text = File.ReadAllText(ProgramProcess.InRepository("bench/results/latest.json"));
    private static readonly JsonElement Found = JsonDocument.Parse(Text).RootElement;

    /// <summary>The beginning of a row, its system, and its ratio.</summary>
    private static readonly (string Label, string System, string? Ratio)[] Rows =
    [
        ("**BoxOffice**, one front-end", "U", null),
        ("**BoxOffice**, embedded", "U-embedded", null),
        ("the same endpoint", "E1", "u_e1"),
        ("Redis", "R1", "u_r1"),
        ("PostgreSQL, one conditional", "P1", "u_p1"),
        ("Orleans", "O1", "u_o1"),
        ("PostgreSQL, `SELECT", "P2", "u_p2"),
    ];

    [Theory, InlineData("README.md"), InlineData("docs/benchmarks.md")]
    public void The_table_of_results_is_that_of_the_last_comparison(string document)
    {
        var text = Read(document);

        foreach (var (label, system, ratio) in Rows)
        {
            var row = RowsOf(text).Single(cells => cells[0].StartsWith(label, StringComparison.Ordinal));
            Assert.Equal($"{Figure("hot-256", system, "per_second"):N0} /s", row[1]);
            Assert.Equal(ratio is null ? "" : $"{Ratio(ratio)} times", row[2]);
            Assert.Equal($"{Figure("hot-256", system, "cpu_us"):F0} µs", row[3]);
        }
        Assert.Contains(
            Found.GetProperty("date").GetDateTimeOffset().ToString("d MMMM yyyy", CultureInfo.InvariantCulture), text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_ratio_that_was_measured_is_told_with_its_range()
    {
        var told = RowsOf(Read("docs/benchmarks.md"))
            .Where(cells => cells[0] is ['`', ..]).ToDictionary(cells => cells[0].Trim('`'), cells => cells[2]);

        var ratios = Found.GetProperty("ratios").EnumerateObject();
        foreach (var ratio in ratios.Where(ratio => ratio.Value.ValueKind != JsonValueKind.Null))
            Assert.Equal(Ratio(ratio.Name), told[ratio.Name]);
    }

    [Theory]
    [InlineData("hot-256", "U")]
    [InlineData("offered-50", "U")]
    [InlineData("hot-1", "U")]
    [InlineData("events-1000", "U-4-silos")]
    [InlineData("refusals", "U")]
    [InlineData("refusals-with-keys", "U")]
    public void What_a_call_costs_in_the_handbook_is_what_the_last_comparison_found(string scenario, string system)
    {
        var row = RowsOf(Read("docs/operations.md")).Single(cells => cells.Length == 5 && cells[4] == $"`{scenario}`");

        string[] parts = ["front-end", "silo", "store"];
        Assert.Equal(parts.Select(part => $"{Figure(scenario, system, "cpu_us_" + part):F0}"), row[1..4]);
    }

    [Fact]
    public void The_results_are_short_enough_to_be_read()
    {
        Assert.InRange(Text.Split('\n').Length, 20, LinesMax);
    }

    private static string Read(string document) => File.ReadAllText(ProgramProcess.InRepository(document));

    private static IEnumerable<string[]> RowsOf(string text) =>
        RowPattern().Matches(text).Select(row => row.Groups[1].Value.Split('|').Select(cell => cell.Trim()).ToArray());

    private static double Figure(string scenario, string system, string figure) =>
        Found.GetProperty("scenarios").GetProperty(scenario).GetProperty(system)
            .GetProperty(figure).GetProperty("median").GetDouble();

    private static string Ratio(string name)
    {
        var range = Found.GetProperty("ratioRanges").GetProperty(name);
        var (median, low, high) = (
            Found.GetProperty("ratios").GetProperty(name).GetDouble(), range[0].GetDouble(), range[1].GetDouble());
        var digits = median switch { 0 => "F0", >= 10 => "F1", _ => "F2" };
        return $"{Written(median)} ({Written(low)} to {Written(high)})";

        string Written(double value) => value.ToString(digits, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\|(.*)\|$", RegexOptions.Multiline)]
    private static partial Regex RowPattern();
}

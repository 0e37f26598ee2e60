using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Writes the results as JSON: <c>bench/results/latest.json</c>. Short enough to be committed: a line for each
/// contestant in each scenario. The results of single rounds are printed only.
/// </summary>
internal static class ResultsFile
{
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Write(
        Machine machine, Plan plan, IReadOnlyDictionary<int, double> poolSizes, string generator, Results results)
    {
        var ratios = Ratios.Of(results);
        var text = new StringBuilder("{\n");
        Add("machine", new { machine.Processor, machine.Cores, machine.MemoryGibibytes, machine.Kernel });
        Add("date", machine.At);
        Add("commit", machine.Commit);
        Add("versions", machine.Versions);
        Add("plan", new { plan.IsShort, plan.Rounds, plan.Seconds, seed = Plan.Seed });
        Add("poolSizes", poolSizes);
        Add("generator", generator);
        Add("ratios", ratios.ToDictionary(ratio => ratio.Key, ratio => ratio.Value?.Median()));
        Add("ratioRanges", ratios.ToDictionary(ratio => ratio.Key, ratio => RangeOf(ratio.Value)));
        var scenarios = results.Scenarios.Select(scenario => ScenarioOf(scenario, results));
        text.Append("\"scenarios\": {\n").AppendJoin(",\n", scenarios).Append("\n}\n}\n");
        return text.ToString();

        void Add<T>(string name, T value) => text.Append(Line(name, value)).Append(",\n");
    }

    private static double[]? RangeOf(IReadOnlyList<double>? values) =>
        values is null ? null : [values.Min(), values.Max()];

    private static string ScenarioOf(string scenario, Results results)
    {
        var systems = results.Turns
            .Where(turn => turn.Scenario == scenario)
            .GroupBy(turn => turn.Contestant)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Line(group.Key, FiguresOf([.. group])));
        return $"\"{scenario}\": {{\n{string.Join(",\n", systems)}\n}}";
    }

    private static string Line<T>(string name, T value) => $"\"{name}\": {JsonSerializer.Serialize(value, Written)}";

    /// <summary>Each figure's median over the rounds, with minimum and maximum.</summary>
    private static SortedDictionary<string, object> FiguresOf(IReadOnlyList<Turn> turns)
    {
        var figures = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var name in turns.SelectMany(turn => turn.Figures.Keys).Distinct())
        {
            var rounds = turns.Where(turn => turn.Figures.ContainsKey(name))
                .Select(turn => Math.Round(turn.Figures[name], 4))
                .ToList();
            figures[name] = new { median = rounds.Median(), min = rounds.Min(), max = rounds.Max() };
        }
        return figures;
    }
}

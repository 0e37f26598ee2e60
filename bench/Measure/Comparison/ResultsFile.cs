using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// The results for programs: <c>bench/results/latest.json</c>. Short enough to be committed: a line for each system in each
/// scenario. What every round gave is printed while it is measured.
/// </summary>
internal static class ResultsFile
{
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Write(Machine machine, Plan plan, IReadOnlyDictionary<int, double> poolSizes, string generator, Results results)
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
        Add("ratioRanges", ratios.ToDictionary(ratio => ratio.Key, ratio => ratio.Value is { } values ? new[] { values.Min(), values.Max() } : null));
        text.Append("\"scenarios\": {\n").AppendJoin(",\n", results.Scenarios.Select(scenario => ScenarioOf(scenario, results))).Append("\n}\n}\n");
        return text.ToString();

        void Add<T>(string name, T value) => text.Append(Line(name, value)).Append(",\n");
    }

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

    /// <summary>Of each figure the median over the rounds, and what it lies between.</summary>
    private static SortedDictionary<string, object> FiguresOf(IReadOnlyList<Turn> turns)
    {
        var figures = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var name in turns.SelectMany(turn => turn.Figures.Keys).Distinct())
        {
            double[] rounds = [.. turns.Where(turn => turn.Figures.ContainsKey(name)).Select(turn => Math.Round(turn.Figures[name], 4))];
            figures[name] = new { median = rounds.Median(), min = rounds.Min(), max = rounds.Max() };
        }
        return figures;
    }
}

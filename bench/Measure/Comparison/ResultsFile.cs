using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Measure.Comparison;

/// <summary>The results for programs: <c>bench/results/latest.json</c>.</summary>
internal static class ResultsFile
{
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Write(Machine machine, Plan plan, IReadOnlyDictionary<int, double> poolSizes, string generator, Results results)
    {
        var ratios = Ratios.Of(results);
        return JsonSerializer.Serialize(new
        {
            machine = new { machine.Processor, machine.Cores, machine.MemoryGibibytes, machine.Kernel },
            date = machine.At,
            machine.Commit,
            machine.Versions,
            plan = new { plan.IsShort, plan.Rounds, plan.Seconds, seed = Plan.Seed },
            poolSizes,
            generator,
            ratios = ratios.ToDictionary(one => one.Key, one => one.Value?.Median()),
            ratioRanges = ratios.ToDictionary(one => one.Key, one => one.Value is { } values ? new[] { values.Min(), values.Max() } : null),
            scenarios = results.Scenarios.ToDictionary(scenario => scenario, scenario => results.Turns
                .Where(turn => turn.Scenario == scenario)
                .GroupBy(turn => turn.Contestant)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => FiguresOf([.. group]))),
        }, Written);
    }

    /// <summary>Of each figure the median, what it lies between, and every round.</summary>
    private static SortedDictionary<string, object> FiguresOf(IReadOnlyList<Turn> turns)
    {
        var figures = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var name in turns.SelectMany(turn => turn.Figures.Keys).Distinct())
        {
            double[] rounds = [.. turns.Where(turn => turn.Figures.ContainsKey(name)).Select(turn => Math.Round(turn.Figures[name], 4))];
            figures[name] = new { median = rounds.Median(), min = rounds.Min(), max = rounds.Max(), rounds };
        }
        return figures;
    }
}

using System.Globalization;
using System.Text;

namespace BoxOffice.Measure.Comparison;

/// <summary>Writes the results as Markdown: <c>bench/results/latest.md</c>.</summary>
internal static class MarkdownReport
{
    // The columns: figure, heading with unit, and decimal places.
    private static readonly (string Figure, string Heading, int Digits)[] Columns =
    [
        (Figure.OfferedPerSecond, "offered /s", 0),
        (Figure.PerSecond, "reserved /s", 0),
        (Figure.RefusedPerSecond, "refused /s", 0),
        (Figure.P50, "p50 ms", 2),
        (Figure.P99, "p99 ms", 2),
        (Figure.P999, "p99.9 ms", 2),
        (Figure.Processor, "CPU µs", 1),
        (Figure.ProcessorOf + "front-end", "front-end", 1),
        (Figure.ProcessorOf + "silo", "silo", 1),
        (Figure.ProcessorOf + "store", "store", 1),
        (Figure.ProcessorOf + "generator", "generator", 1),
        (Figure.Idle, "idle %", 0),
        (Figure.LogBytes, "WAL bytes", 0),
        (Figure.Flushes, "fsyncs", 4),
        (Figure.Batch, "an INSERT", 1),
        (Figure.LastAnswer, "last answer s", 2),
        (Figure.ListenOverflows, "accept queue overflows", 0),
        (Figure.LoginsPerSecond, "logins /s", 0),
        (Figure.LoginsBusyPerSecond, "of them busy /s", 0),
    ];

    private static readonly string[] Faults =
        [Figure.Oversold, Figure.Lost, Figure.Duplicated, Figure.Stranded, Figure.Failed, Figure.GaveUp];

    public static string Write(
        Machine machine, Plan plan, IReadOnlyDictionary<int, double> poolSizes, string generator, Results results)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# BoxOffice beside others\n\n{machine}\n");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"`eng/bench.sh{(plan.IsShort ? " --short" : "")}`: {plan.Rounds} rounds of {plan.Seconds} s, "
            + $"in each of which everybody has a turn, in a shuffled order. A figure is the median of the rounds; "
            + $"for reservations each second, and for ratios, followed by the range. What is reserved is counted in "
            + $"the store afterwards. CPU, WAL and fsyncs are for one reservation (CPU of refusals: for one refusal; "
            + $"those of calls with keys are held against E1's calls without); CPU without the generator, "
            + $"then of each group of processes; idle is what all cores together had left. Latency is from the moment "
            + $"of sending, where the scenario offers a load from the moment when it was due. "
            + $"Each PostgreSQL has {UsedPostgres.ReadyMegabytes} MB of log files ready, as one that has been in use, "
            + $"and lets 300 connect; all else is as usual.\n");
        WriteContestants(text, plan, poolSizes);
        WriteRatios(text, results);
        foreach (var scenario in results.Scenarios) WriteScenario(text, scenario, results);
        text.AppendLine(CultureInfo.InvariantCulture, $"\n{generator}");
        return text.ToString();
    }

    private static void WriteContestants(StringBuilder text, Plan plan, IReadOnlyDictionary<int, double> poolSizes)
    {
        text.AppendLine("| | |\n|---|---|");
        foreach (var entry in Contestants.All.Where(entry => plan.Includes(entry.Name)))
            text.AppendLine($"| {entry.Name} | {entry.What} |");
        if (poolSizes.Count == 0) return;
        var sizes = poolSizes.Select(size =>
            string.Create(CultureInfo.InvariantCulture, $"{size.Key}: {size.Value:N0} /s"));
        text.AppendLine(
            $"\nP1 by connections to PostgreSQL: {string.Join(", ", sizes)}; P1, P2 and O1 have the best of these.");
    }

    private static void WriteRatios(StringBuilder text, Results results)
    {
        text.AppendLine("\n| ratio within a round | median (range) |\n|---|---|");
        foreach (var (name, values) in Ratios.Of(results))
            text.AppendLine($"| {name} | {values?.MedianAndRange("0.##") ?? "not measured"} |");
    }

    private static void WriteScenario(StringBuilder text, string scenario, Results results)
    {
        var turns = results.Turns.Where(turn => turn.Scenario == scenario).ToList();
        var columns = Columns.Where(column => turns.Any(turn => turn.Figures.GetValueOrDefault(column.Figure) != 0))
            .ToList();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"\n## {scenario}\n\n| | {string.Join(" | ", columns.Select(column => column.Heading))} | faults |");
        text.AppendLine($"|---|{string.Concat(columns.Select(_ => "---|"))}---|");
        foreach (var name in turns.Select(turn => turn.Contestant).Distinct().OrderBy(PlaceOf))
        {
            var cells = columns.Select(column => Cell(column.Figure, column.Digits, name));
            text.AppendLine($"| {name} | {string.Join(" | ", cells)} | {FaultsOf(name)} |");
        }

        string Cell(string figure, int digits, string name)
        {
            var values = results.Of(scenario, name, figure);
            if (values.Count == 0) return "";
            return figure == Figure.PerSecond
                ? values.MedianAndRange("N0")
                : values.Median().ToString($"N{digits}", CultureInfo.InvariantCulture);
        }

        string FaultsOf(string name)
        {
            var found = Faults.Select(fault => (Fault: fault, Sum: results.Of(scenario, name, fault).Sum()))
                .Where(fault => fault.Sum > 0)
                .Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Fault} {fault.Sum:N0}"))
                .ToList();
            return found.Count == 0 ? "none" : string.Join(", ", found);
        }
    }

    private static int PlaceOf(string name)
    {
        var place = Contestants.All.Select(entry => entry.Name).ToList().IndexOf(name);
        return place < 0 ? int.MaxValue : place;
    }
}

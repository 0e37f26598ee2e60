using System.Diagnostics;
using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Compares BoxOffice with others that sell the same ticket at the same route, in one run on one machine.
/// </summary>
internal static class SideBySide
{
    private const int UsualPoolSize = 16;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var clock = Stopwatch.StartNew();
        var plan = Plan.Of(arguments);
        var machine = Machine.Describe();
        IReadOnlyDictionary<int, double> poolSizes = plan.Includes("P1")
            ? await PoolSweep.RunAsync(plan.PoolSizes)
            : new Dictionary<int, double>();
        await using var run = new ComparisonRun(plan);
        await run.StartAsync(poolSizes.Count > 0 ? poolSizes.MaxBy(size => size.Value).Key : UsualPoolSize);
        await Task.WhenAll(run.WarmAsync(), LoginStorm.SignUpAsync(run));
        await SellOut.WarmAsync(run);
        var generator = await CrossCheck.RunAsync(run);

        await HotEvent.RunAsync(run);
        await SellOut.RunAsync(run);
        await OfferedLoad.RunAsync(run);
        await LoginStorm.RunAsync(run);
        await Burst.RunAsync(run);
        await EventsAndSilos.RunAsync(run);

        Console.Error.WriteLine($"Measured in {clock.Elapsed:hh\\:mm\\:ss}.");
        var report = MarkdownReport.Write(machine, plan, poolSizes, generator, run.Results);
        Console.WriteLine(report);
        if (!plan.IsWhole) return;
        var folder = Directory.CreateDirectory(ProgramProcess.InRepository("bench/results")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "latest.md"), report);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "latest.json"), ResultsFile.Write(machine, plan, poolSizes, generator, run.Results));
        await File.WriteAllTextAsync(Path.Combine(folder, "latest.svg"), Draw(machine, run.Results));
    }

    private static string Draw(Machine machine, Results results)
    {
        var scenario = HotEvent.NameAt(Plan.Crowd);
        Bar[] bars =
        [
            .. from entry in Contestants.All
               let values = results.Of(scenario, entry.Name, Figure.PerSecond)
               where values.Count > 0
               select new Bar(entry.Name, values.Median(), values.Min(), values.Max(), Contestants.IsOurs(entry.Name)),
        ];
        var lossy = bars.Any(bar => bar.Name == Contestants.Lossy) ? $"; {Contestants.Lossy} may lose a second" : "";
        var note = $"E0 and E1 keep nothing{lossy}. "
            + $"Median and range, {machine.Cores} cores, {machine.At:yyyy-MM-dd}.";
        return BarChart.Draw(
            $"Accepted reservations each second, one event, {Plan.Crowd} connections", note, bars);
    }
}

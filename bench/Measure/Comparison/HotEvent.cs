namespace BoxOffice.Measure.Comparison;

/// <summary>One event that never sells out, and buyers each of whom waits for the answer before the next call.</summary>
internal static class HotEvent
{
    // A server process of PostgreSQL tells within this time how often it forced the log to the disk.
    private static readonly TimeSpan CountersLate = TimeSpan.FromSeconds(11);

    /// <summary>The scenario's name.</summary>
    public static string NameAt(int connections) => $"hot-{connections}";

    public static async Task RunAsync(Stage stage)
    {
        foreach (var connections in stage.Plan.Connections.Where(connections => stage.Plan.Has(NameAt(connections))))
        {
            var contestants = stage.All.Where(one => stage.Plan.HasTurnAt(connections, one.Name)).ToList();
            await RunAsync(stage, NameAt(connections), connections, contestants);
        }
    }

    private static async Task RunAsync(Stage stage, string scenario, int connections, List<Contestant> contestants)
    {
        var seconds = connections == 1 ? stage.Plan.AloneSeconds : stage.Plan.Seconds;
        var before = new Dictionary<Contestant, long>();
        if (connections == Plan.Crowd || !stage.Plan.IsShort)
        {
            foreach (var one in contestants) if (one.Log is { } log) before[one] = await log.FlushesAsync();
        }
        await stage.TakeTurnsAsync(scenario, contestants, async (one, round) =>
        {
            var eventId = $"{scenario}-{round}";
            var figures = await Sale.ClosedAsync(one, eventId, connections, seconds);
            figures[Figure.Failed] += figures[Figure.RefusedPerSecond] * seconds; // there is no reason to refuse anybody
            if (await one.BatchAsync(eventId) is { } batch) figures[Figure.Batch] = batch;
            return figures;
        });

        if (before.Count > 0) await Task.Delay(CountersLate);
        foreach (var (one, flushes) in before)
        {
            var sold = stage.Results.Of(scenario, one.Name, Figure.Sold).Sum();
            var last = stage.Results.Turns.Last(turn => turn.Scenario == scenario && turn.Contestant == one.Name);
            last.Figures[Figure.Flushes] = (await one.Log!.FlushesAsync() - flushes) / sold; // of all rounds together
        }
    }
}

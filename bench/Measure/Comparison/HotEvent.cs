namespace BoxOffice.Measure.Comparison;

/// <summary>
/// One event that never sells out. Each buyer waits for the answer before the next call.
/// </summary>
internal static class HotEvent
{
    // The processes of PostgreSQL report their WAL flushes within this time.
    private static readonly TimeSpan CountersLate = TimeSpan.FromSeconds(11);

    /// <summary>The scenario's name.</summary>
    public static string NameAt(int connections) => $"hot-{connections}";

    public static async Task RunAsync(ComparisonRun run)
    {
        foreach (var connections in run.Plan.Connections.Where(connections => run.Plan.Has(NameAt(connections))))
        {
            var contestants = run.All.Where(contestant => run.Plan.HasTurnAt(connections, contestant.Name)).ToList();
            await RunAsync(run, NameAt(connections), connections, contestants);
        }
    }

    private static async Task RunAsync(
        ComparisonRun run, string scenario, int connections, List<Contestant> contestants)
    {
        var seconds = connections == 1 ? run.Plan.AloneSeconds : run.Plan.Seconds;
        var before = new Dictionary<Contestant, long>();
        if (connections == Plan.Crowd || !run.Plan.IsShort)
        {
            foreach (var contestant in contestants)
            {
                if (contestant.Log is { } log) before[contestant] = await log.FlushesAsync();
            }
        }
        await run.TakeTurnsAsync(scenario, contestants, async (contestant, round) =>
        {
            var eventId = $"{scenario}-{round}";
            var figures = await Sale.ClosedAsync(contestant, eventId, connections, seconds);
            // no refusal is correct here
            figures[Figure.Failed] += figures[Figure.RefusedPerSecond] * seconds;
            if (await contestant.BatchAsync(eventId) is { } batch) figures[Figure.Batch] = batch;
            return figures;
        });

        if (before.Count > 0) await Task.Delay(CountersLate);
        foreach (var (contestant, flushes) in before)
        {
            var sold = run.Results.Of(scenario, contestant.Name, Figure.Sold).Sum();
            var last = run.Results.Turns.Last(turn => turn.Scenario == scenario && turn.Contestant == contestant.Name);
            // of all rounds together
            last.Figures[Figure.Flushes] = (await contestant.Log!.FlushesAsync() - flushes) / sold;
        }
    }
}

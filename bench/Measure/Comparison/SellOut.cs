namespace BoxOffice.Measure.Comparison;

/// <summary>
/// A sell-out of ten thousand tickets, checked to be exact. Then the rate of refusals: calls without keys, and calls
/// with keys, for which a front-end asks the event.
/// </summary>
internal static class SellOut
{
    public const string Selling = "sell-out";
    public const string Refusals = "refusals";
    public const string RefusalsWithKeys = "refusals-with-keys";

    private const int Capacity = 10_000;
    private const int AttemptsMax = 20;
    private const int SellingSeconds = 1;
    private const int WarmSeconds = 2; // at some 40,000 calls a second

    /// <summary>
    /// Refuses until that path is fully compiled. A contestant without a store always accepts, and is warm.
    /// </summary>
    public static async Task WarmAsync(ComparisonRun run)
    {
        if (!run.Plan.Has(Refusals)) return;
        await Task.WhenAll(Refusing(run).Where(contestant => contestant.HasStore).Select(async contestant =>
        {
            const string eventId = "warm-refusals";
            await contestant.OpenAsync(eventId, capacity: 1);
            const string path = $"/ticket/reserve/{eventId}";
            foreach (string[] arguments in (string[][])[[path], [path, "keys"]])
                await Sale.ClosedAsync(
                    contestant, () => contestant.SoldAsync(eventId), Plan.Crowd, WarmSeconds, arguments);
        }));
    }

    public static Task RunAsync(ComparisonRun run) =>
        run.TakeTurnsAsync(Refusals, Refusing(run), (contestant, round) => TakeAsync(run, contestant, round));

    private static List<Contestant> Refusing(ComparisonRun run) =>
        [.. new[] { Contestants.Ours, Contestants.Embedded, "E1" }.Select(run.Find).OfType<Contestant>()];

    private static async Task<Dictionary<string, double>> TakeAsync(ComparisonRun run, Contestant contestant, int round)
    {
        var eventId = $"{Selling}-{round}";
        await contestant.OpenAsync(eventId, contestant.HasStore ? Capacity : Sale.Unlimited);
        if (contestant.HasStore) await SellAsync(run, contestant, round, eventId);
        var figures = await RefuseAsync(run, contestant, eventId);
        if (!contestant.HasStore) return figures;
        run.Add(RefusalsWithKeys, contestant, round, await RefuseAsync(run, contestant, eventId, "keys"));
        return figures;
    }

    private static async Task SellAsync(ComparisonRun run, Contestant contestant, int round, string eventId)
    {
        var sold = 0L;
        for (var attempt = 0; attempt < AttemptsMax && sold < Capacity; attempt++)
        {
            var selling = await Sale.ClosedAsync(contestant, () => contestant.SoldAsync(eventId),
                Plan.Crowd, SellingSeconds, $"/ticket/reserve/{eventId}");
            sold = await contestant.SoldAsync(eventId);
            selling[Figure.Oversold] = Math.Max(0, sold - Capacity);
            if (selling[Figure.RefusedPerSecond] > 0) selling[Figure.Stranded] = Math.Max(0, Capacity - sold);
            run.Add(Selling, contestant, round, selling);
        }
    }

    /// <summary>A contestant without a store accepts instead: its rate is the reference of refusals.</summary>
    private static async Task<Dictionary<string, double>> RefuseAsync(
        ComparisonRun run, Contestant contestant, string eventId, params string[] further)
    {
        var sold = contestant.HasStore ? await contestant.SoldAsync(eventId) : 0;
        var figures = await Sale.ClosedAsync(contestant, () => contestant.SoldAsync(eventId),
            Plan.Crowd, run.Plan.RefusalSeconds, [$"/ticket/reserve/{eventId}", .. further]);
        if (contestant.HasStore) figures[Figure.Oversold] = Math.Max(0, await contestant.SoldAsync(eventId) - sold);
        return figures;
    }
}

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Ten thousand tickets for a crowd that wants more: exactly these are sold; then everybody is refused, and how fast: calls
/// without keys, and then calls with keys, about which a front-end asks the event.
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

    /// <summary>Refuses until that path is compiled for good: whoever has no store always accepts, and has done so for long.</summary>
    public static async Task WarmAsync(Stage stage)
    {
        if (!stage.Plan.Has(Refusals)) return;
        await Task.WhenAll(Refusing(stage).Where(one => one.HasStore).Select(async one =>
        {
            const string eventId = "warm-refusals";
            await one.OpenAsync(eventId, capacity: 1);
            foreach (string[] further in (string[][])[[], ["keys"]])
                await Sale.ClosedAsync(one, () => one.SoldAsync(eventId), Plan.Crowd, WarmSeconds, [$"/ticket/reserve/{eventId}", .. further]);
        }));
    }

    public static Task RunAsync(Stage stage) => stage.TakeTurnsAsync(Refusals, Refusing(stage), (one, round) => TakeAsync(stage, one, round));

    private static List<Contestant> Refusing(Stage stage) =>
        [.. new[] { Contestants.Ours, Contestants.Embedded, "E1" }.Select(stage.Find).OfType<Contestant>()];

    private static async Task<Dictionary<string, double>> TakeAsync(Stage stage, Contestant one, int round)
    {
        var eventId = $"{Selling}-{round}";
        await one.OpenAsync(eventId, one.HasStore ? Capacity : Sale.Unlimited);
        if (one.HasStore) await SellAsync(stage, one, round, eventId);
        var figures = await RefuseAsync(stage, one, eventId);
        if (one.HasStore) stage.Add(RefusalsWithKeys, one, round, await RefuseAsync(stage, one, eventId, "keys"));
        return figures;
    }

    private static async Task SellAsync(Stage stage, Contestant one, int round, string eventId)
    {
        var sold = 0L;
        for (var attempt = 0; attempt < AttemptsMax && sold < Capacity; attempt++)
        {
            var selling = await Sale.ClosedAsync(one, () => one.SoldAsync(eventId), Plan.Crowd, SellingSeconds, $"/ticket/reserve/{eventId}");
            sold = await one.SoldAsync(eventId);
            selling[Figure.Oversold] = Math.Max(0, sold - Capacity);
            if (selling[Figure.RefusedPerSecond] > 0) selling[Figure.Stranded] = Math.Max(0, Capacity - sold);
            stage.Add(Selling, one, round, selling);
        }
    }

    /// <summary>Whoever has no store accepts: its rate is what refusing is held against.</summary>
    private static async Task<Dictionary<string, double>> RefuseAsync(Stage stage, Contestant one, string eventId, params string[] further)
    {
        var sold = one.HasStore ? await one.SoldAsync(eventId) : 0;
        var figures = await Sale.ClosedAsync(one, () => one.SoldAsync(eventId), Plan.Crowd, stage.Plan.RefusalSeconds, [$"/ticket/reserve/{eventId}", .. further]);
        if (one.HasStore) figures[Figure.Oversold] = Math.Max(0, await one.SoldAsync(eventId) - sold);
        return figures;
    }
}

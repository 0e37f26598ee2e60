using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// The cost of a reservation when buyers spread over a thousand events by Zipf's law, compared with one event; and when
/// four silos share these events, compared with one.
/// </summary>
internal static class EventsAndSilos
{
    public const string One = "events-1";
    public const string Many = "events-1000";
    public const string FourSilos = "U-4-silos";

    private const string EventName = "many-";
    private const int Silos = 4; // each has a part of the sales, and its code is compiled later in proportion
    private const int Events = 1_000;
    private const int HereSeconds = 2; // the process is warm; its new events are not
    private const double Exponent = 1;

    public static async Task RunAsync(ComparisonRun run)
    {
        if (!run.Plan.Has(Many) || run.Find(Contestants.Ours) is not BoxOfficeContestant ours) return;
        await using var four = await BoxOfficeContestant.StartSilosAsync(FourSilos, silos: Silos);
        foreach (var contestant in new[] { ours, four })
        {
            await contestant.OpenManyAsync(EventName, Events, Sale.Unlimited);
            await BuyAsync(contestant, contestant == ours ? HereSeconds : Silos * run.Plan.WarmSeconds);
        }
        await run.TakeTurnsAsync(Many, [ours, four], async (contestant, round) =>
        {
            if (contestant == ours)
            {
                var alone = await Sale.ClosedAsync(contestant, $"{One}-{round}", Plan.Crowd, run.Plan.Seconds);
                run.Add(One, contestant, round, alone);
            }
            return await BuyAsync((BoxOfficeContestant)contestant, run.Plan.Seconds);
        });
    }

    private static Task<Dictionary<string, double>> BuyAsync(BoxOfficeContestant contestant, int seconds) =>
        Sale.ClosedAsync(contestant, () => contestant.SoldOfManyAsync(EventName), Plan.Crowd, seconds,
            $"/ticket/reserve/{EventName}", $"{Events}", Exponent.ToString(CultureInfo.InvariantCulture));
}

using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// What a reservation costs the machine when buyers come to a thousand events by Zipf's law and not to one; and when four
/// silos share these events and not one.
/// </summary>
internal static class EventsAndSilos
{
    public const string One = "events-1";
    public const string Many = "events-1000";
    public const string FourSilos = "U-4-silos";

    private const string EventName = "many-";
    private const int Silos = 4; // each has a part of the sales, and takes so much longer until it is compiled
    private const int Events = 1_000;
    private const int HereSeconds = 2; // ours is warm; its new events are not
    private const double Exponent = 1;

    public static async Task RunAsync(Stage stage)
    {
        if (!stage.Plan.Has(Many) || stage.Find(Contestants.Ours) is not BoxOfficeContestant ours) return;
        await using var four = await BoxOfficeContestant.StartSilosAsync(FourSilos, silos: Silos);
        foreach (var one in new[] { ours, four })
        {
            await one.OpenManyAsync(EventName, Events, Sale.Unlimited);
            await BuyAsync(one, one == ours ? HereSeconds : Silos * stage.Plan.WarmSeconds);
        }
        await stage.TakeTurnsAsync(Many, [ours, four], async (one, round) =>
        {
            if (one == ours) stage.Add(One, one, round, await Sale.ClosedAsync(one, $"{One}-{round}", Plan.Crowd, stage.Plan.Seconds));
            return await BuyAsync((BoxOfficeContestant)one, stage.Plan.Seconds);
        });
    }

    private static Task<Dictionary<string, double>> BuyAsync(BoxOfficeContestant one, int seconds) => Sale.ClosedAsync(
        one, () => one.SoldOfManyAsync(EventName), Plan.Crowd, seconds,
        $"/ticket/reserve/{EventName}", $"{Events}", Exponent.ToString(CultureInfo.InvariantCulture));
}

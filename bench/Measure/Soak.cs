using System.Globalization;
using BoxOffice.Measure.OpenLoop;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// Sale after sale for as long as one likes, each sold out and then refusing the rest of its crowd while pages look at it.
/// After each the event is put away: what of the memory stays then, sale after sale, would grow for ever.
/// </summary>
internal static class Soak
{
    private const int SaleSeconds = 25;
    private const int Capacity = 20_000;
    private const int BuyersPerSecond = 2_000; // two and a half times as many as there are tickets
    private const int LooksPerSecond = 400;
    private const int Connections = 256;
    private const int SalesToWarm = 3; // code is compiled and caches are filled

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(PostgresServer postgres, int minutes)
    {
        await using var crowd = await Crowd.GatherAsync(postgres, silos: 1);
        Console.WriteLine("\n| sale | accepted | refused | failed | silo's objects after a collection: event in memory, put away | resident: silo, front-end |\n|---|---|---|---|---|---|");
        var sales = new List<Weighed>();
        var until = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(minutes);
        while (TimeProvider.System.GetUtcNow() < until) sales.Add(await SellAsync(crowd, $"sale-{sales.Count + 1}"));

        var drift = 0L;
        foreach (var sale in sales) drift += await crowd.DriftAsync(sale.EventId);
        Console.WriteLine($"\n{sales.Count} sales of {Capacity:N0} in {minutes} minutes: {sales.Sum(sale => sale.Accepted):N0} accepted, {await crowd.SoldAsync():N0} in the journal, {sales.Sum(sale => sale.Failed)} failed, drift {drift}.");
        var warm = sales.Skip(SalesToWarm).ToList();
        Console.WriteLine("\n| MiB, median (range) | first half | second half |\n|---|---|---|");
        Print("silo's objects, events put away", sale => sale.PutAway);
        Print("silo, resident", sale => sale.Silo);
        Print("front-end, resident", sale => sale.FrontEnd);

        void Print(string what, Func<Weighed, double> figure) => Console.WriteLine(
            $"| {what} | {warm.Take(warm.Count / 2).Select(figure).MedianAndRange("F0")} | {warm.Skip(warm.Count / 2).Select(figure).MedianAndRange("F0")} |");
    }

    private static async Task<Weighed> SellAsync(Crowd crowd, string eventId)
    {
        await crowd.OpenAsync(eventId, Capacity);
        var buyers = new OfferRequest(crowd.Cluster.Urls[0], $"/ticket/reserve/{eventId}", crowd.TokensFile, BuyersPerSecond, SaleSeconds, Connections);
        var looks = buyers with { Path = $"/ticket/events/{eventId}", TokensFile = null, Method = "GET", PerSecond = LooksPerSecond };
        var seen = await Task.WhenAll(Offer.SendAsync(buyers), Offer.SendAsync(looks));
        await Task.Delay(Settling);

        var (accepted, refused) = (seen[0].Accepted, seen[0].Codes.GetValueOrDefault("SOLD_OUT"));
        var failed = seen[0].Sent + seen[0].GaveUp - accepted - refused + seen[1].Sent + seen[1].GaveUp - seen[1].Accepted;
        var (inMemory, _, _) = await crowd.MebibytesAsync();
        await crowd.PutEventsAwayAsync();
        var (putAway, silo, frontEnd) = await crowd.MebibytesAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {eventId} | {accepted:N0} | {refused:N0} | {failed:N0} | {inMemory:F1} MiB, {putAway:F1} MiB | {silo:F0} MiB, {frontEnd:F0} MiB |"));
        return new(eventId, accepted, failed, putAway, silo, frontEnd);
    }

    /// <summary>A sale, and the mebibytes that stayed.</summary>
    private readonly record struct Weighed(string EventId, long Accepted, long Failed, double PutAway, double Silo, double FrontEnd);
}

using System.Globalization;
using BoxOffice.Measure.OpenLoop;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// Sale after sale for a given time. Each sells out and then refuses the rest of its crowd, while pages poll it. After
/// each sale the event is deactivated: memory that stays, sale after sale, would be a leak.
/// </summary>
internal static class Soak
{
    private const int SaleSeconds = 25;
    private const int Capacity = 20_000;
    private const int BuyersPerSecond = 2_000; // two and a half times as many as there are tickets
    private const int ReadsPerSecond = 400;
    private const int Connections = 256;
    private const int SalesToWarm = 3; // compile code and fill caches

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(PostgresServer postgres, int minutes)
    {
        await using var crowd = await Crowd.GatherAsync(postgres, silos: 1);
        Console.WriteLine(
            "\n| sale | accepted | refused | failed | silo's objects after a collection: event active, inactive "
            + "| resident: silo, front-end |\n|---|---|---|---|---|---|");
        var sales = new List<Weighed>();
        var until = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(minutes);
        while (TimeProvider.System.GetUtcNow() < until) sales.Add(await SellAsync(crowd, $"sale-{sales.Count + 1}"));

        var drift = 0L;
        foreach (var sale in sales) drift += await crowd.DriftAsync(sale.EventId);
        Console.WriteLine(
            $"\n{sales.Count} sales of {Capacity:N0} in {minutes} minutes: {sales.Sum(sale => sale.Accepted):N0} "
            + $"accepted, {await crowd.SoldAsync():N0} in the journal, {sales.Sum(sale => sale.Failed)} failed, "
            + $"drift {drift}.");
        var warm = sales.Skip(SalesToWarm).ToList();
        Console.WriteLine("\n| MiB, median (range) | first half | second half |\n|---|---|---|");
        Print("silo's objects, events inactive", sale => sale.Inactive);
        Print("silo, resident", sale => sale.Silo);
        Print("front-end, resident", sale => sale.FrontEnd);

        void Print(string what, Func<Weighed, double> figure) => Console.WriteLine(
            $"| {what} | {warm.Take(warm.Count / 2).Select(figure).MedianAndRange("F0")} "
            + $"| {warm.Skip(warm.Count / 2).Select(figure).MedianAndRange("F0")} |");
    }

    private static async Task<Weighed> SellAsync(Crowd crowd, string eventId)
    {
        await crowd.OpenAsync(eventId, Capacity);
        var buyers = new OfferRequest(crowd.Cluster.Urls[0],
            $"/ticket/reserve/{eventId}", crowd.TokensFile, BuyersPerSecond, SaleSeconds, Connections);
        var reads = buyers with
        {
            Path = $"/ticket/events/{eventId}",
            TokensFile = null,
            Method = "GET",
            PerSecond = ReadsPerSecond,
        };
        var seen = await Task.WhenAll(Offer.SendAsync(buyers), Offer.SendAsync(reads));
        await Task.Delay(Settling);

        var (accepted, refused) = (seen[0].Accepted, seen[0].Codes.GetValueOrDefault("SOLD_OUT"));
        var failed = seen[0].Sent + seen[0].GaveUp - accepted - refused
            + seen[1].Sent + seen[1].GaveUp - seen[1].Accepted;
        var (active, _, _) = await crowd.MebibytesAsync();
        await crowd.DeactivateEventsAsync();
        var (inactive, silo, frontEnd) = await crowd.MebibytesAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {eventId} | {accepted:N0} | {refused:N0} | {failed:N0} | {active:F1} MiB, {inactive:F1} MiB "
            + $"| {silo:F0} MiB, {frontEnd:F0} MiB |"));
        return new(eventId, accepted, failed, inactive, silo, frontEnd);
    }

    /// <summary>A sale, and the mebibytes in use after it.</summary>
    private readonly record struct Weighed(
        string EventId, long Accepted, long Failed, double Inactive, double Silo, double FrontEnd);
}

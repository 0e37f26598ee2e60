using System.Diagnostics;
using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// Ten thousand open events, and a crowd that buys from them by Zipf's law: few events are popular, and many have a
/// single buyer. Compared, round by round, with the same crowd on a single event of the same cluster.
/// </summary>
internal static class ManyEvents
{
    private const int Events = 10_000;
    private const double Exponent = 1;
    private const int RoundSeconds = 8;
    private const int ScarceSeconds = 20;
    private const int ScarceCapacity = 50;
    private const int Reads = 20;
    private const int Unlimited = 100_000_000;

    public static async Task RunAsync(PostgresServer postgres, int silos, int rounds = 5)
    {
        await using var crowd = await Crowd.GatherAsync(postgres, silos);
        await crowd.OpenAsync("hot-", 1, Unlimited);
        await crowd.BuyAsync(new("hot-", 1), RoundSeconds); // warm
        Console.WriteLine(
            $"\n| {silos} silos | objects after a collection | silos, resident "
            + $"| front-end, resident |\n|---|---|---|---|");
        var before = await PrintMemoryAsync(crowd, "before");
        var opening = await OpenAsync(crowd, "event-", Unlimited);
        var after = await PrintMemoryAsync(crowd, $"{Events} events open");
        var list = await ListAsync(crowd);

        var (one, many) = (new List<Bought>(), new List<Bought>());
        await crowd.BuyAsync(new("event-", Events, Exponent), RoundSeconds); // warm
        var sold = await crowd.SoldAsync();
        for (var i = 0; i < rounds; i++)
        {
            one.Add(await crowd.BuyAsync(new("hot-", 1), RoundSeconds));
            many.Add(await crowd.BuyAsync(new("event-", Events, Exponent), RoundSeconds));
        }
        await PrintMemoryAsync(crowd, $"{await crowd.SoldAsync() - sold} sold in {2 * rounds} rounds");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\nOpened in {opening.TotalSeconds:F1} s; {(after - before) * 1024 / Events:F1} KiB for each event; "
            + $"a page of the list: {list}"));

        Console.WriteLine(
            "\n| events | accepted | ratio | reservations an INSERT | front-end | silos | database | together, ratio "
            + "| p50 | p99 |\n|---|---|---|---|---|---|---|---|---|---|");
        Print(1, one, one);
        Print(Events, many, one);
        await SellOutAsync(crowd);
    }

    /// <summary>Popular events sell out. Accepted, refused and stored tickets must agree exactly.</summary>
    private static async Task SellOutAsync(Crowd crowd)
    {
        await OpenAsync(crowd, "scarce-", ScarceCapacity);
        var seen = (await crowd.BuyAsync(new("scarce-", Events, Exponent), ScarceSeconds)).Seen;
        var (soldOut, oversold) = await crowd.StockAsync("scarce-", ScarceCapacity);
        Console.WriteLine();
        await PrintMemoryAsync(crowd, $"{2 * Events} events open, {await crowd.SoldAsync()} sold");
        var drift = await crowd.DriftAsync("event-", Events)
            + await crowd.DriftAsync("scarce-", Events) + await crowd.DriftAsync("hot-", 1);
        await PrintMemoryAsync(crowd, "after the audit");
        Console.WriteLine($"\n| {Events} events with {ScarceCapacity} tickets | |\n|---|---|");
        Console.WriteLine($"| accepted; refused, `SOLD_OUT` | {seen.Accepted}; {seen.SoldOut} |");
        Console.WriteLine($"| events sold out; oversold | {soldOut}; {oversold} |");
        Console.WriteLine(
            "| accepted in all rounds, by wrk; in the journal; other answers "
            + $"| {crowd.Accepted}; {await crowd.SoldAsync()}; {crowd.Failed} |");
        Console.WriteLine($"| drift, all {2 * Events + 1} events | {drift} |");
    }

    private static async Task<TimeSpan> OpenAsync(Crowd crowd, string name, int capacity)
    {
        var since = Stopwatch.GetTimestamp();
        await crowd.OpenAsync(name, Events, capacity);
        return Stopwatch.GetElapsedTime(since);
    }

    private static async Task<double> PrintMemoryAsync(Crowd crowd, string when)
    {
        var (objects, silos, frontEnd) = await crowd.MebibytesAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {when} | {objects:F0} MiB | {silos:F0} MiB | {frontEnd:F0} MiB |"));
        return objects;
    }

    /// <summary>Reads the first page of all events repeatedly, and returns its size and time.</summary>
    private static async Task<string> ListAsync(Crowd crowd)
    {
        var times = new List<double>();
        var length = 0;
        for (var i = 0; i < Reads; i++)
        {
            var since = Stopwatch.GetTimestamp();
            length = (await crowd.Admin.GetAsync("/ticket/events")).Data.GetArrayLength();
            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }
        return $"{length} events in {times.MedianAndRange("F0")} ms";
    }

    private static void Print(int events, List<Bought> mine, List<Bought> one)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {events} | {mine.Select(round => round.PerSecond).MedianAndRange("N0")} /s "
            + $"| {Ratio(round => round.PerSecond)} | {Median(round => round.Batch):F1} "
            + $"| {Median(round => round.FrontEnd):F0} µs | {Median(round => round.Silos):F0} µs "
            + $"| {Median(round => round.Database):F0} µs | {Median(round => round.Together):F0} µs, "
            + $"{Ratio(round => round.Together)} | {Median(round => round.Seen.P50.TotalMilliseconds):F1} ms "
            + $"| {Median(round => round.Seen.P99.TotalMilliseconds):F1} ms |"));

        double Median(Func<Bought, double> figure) => mine.Select(figure).Median();
        string Ratio(Func<Bought, double> figure) =>
            mine.Zip(one, (each, first) => figure(each) / figure(first)).MedianAndRange();
    }
}

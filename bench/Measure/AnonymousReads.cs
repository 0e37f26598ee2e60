using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// What reads without a token do to a sale: its p50 while 16 connections call one operation of the OpenAPI document as
/// fast as they are answered, and without them, in turn. Cluster form with one silo, one front-end and 1,000 events.
/// </summary>
internal static class AnonymousReads
{
    private const int Events = 1_000;
    private const int Readers = 16;
    private const int SaleSeconds = 4;
    private const int WarmRounds = 4;
    private const int Gathering = 1; // second
    private const int Unlimited = 100_000_000;

    public static async Task RunAsync(PostgresServer postgres, int rounds)
    {
        await using var crowd = await Crowd.GatherAsync(postgres, silos: 1);
        var url = crowd.Cluster.Urls[0];
        await crowd.OpenAsync("hot", Unlimited);
        await crowd.OpenAsync("event-", Events, capacity: 10);
        var document = (await crowd.Admin.GetAsync("/openapi/v1.json")).Body;
        string[] reads = [.. WithoutToken(document), "/ticket/events?limit={n}", "/openapi/v1.json"];
        for (var i = 0; i < WarmRounds; i++) await SellAsync(); // until all code is compiled

        Console.WriteLine(
            $"\n| {Readers} connections read | sale's p50 | without | ratio | reads |\n|---|---|---|---|---|");
        foreach (var path in reads)
        {
            var measured = new List<(double With, double Without)>();
            var answers = "";
            for (var round = 0; round < rounds; round++)
            {
                var without = await SellAsync();
                using var readers = Read(url, path);
                await Task.Delay(TimeSpan.FromSeconds(Gathering));
                measured.Add((await SellAsync(), without));
                answers = await ReadsOfAsync(readers);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| `{path}` | {measured.Select(pair => pair.With).Median():F1} ms "
                + $"| {measured.Select(pair => pair.Without).Median():F1} ms "
                + $"| {measured.Select(pair => pair.With / pair.Without).MedianAndRange()} | {answers} |"));
        }

        async Task<double> SellAsync() =>
            (await Wrk.ReserveAsync(url, SaleSeconds, crowd.TokensFile, "/ticket/reserve/hot")).P50.TotalMilliseconds;
    }

    private static IEnumerable<string> WithoutToken(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("get", out var get)
                && !(get.TryGetProperty("security", out var rules) && rules.EnumerateArray().Any()))
            .Select(path => path.Name.Replace("{eventId}", "event-{n}", StringComparison.Ordinal));

    private static Process Read(Uri url, string path) => Process.Start(
        new ProcessStartInfo("wrk",
        [
            "-t1", $"-c{Readers}", $"-d{SaleSeconds + (2 * Gathering)}", "--timeout", "10s",
            "-s", Path.Combine(AppContext.BaseDirectory, "reads.lua"), url.ToString(), "--", path, $"{Events}",
        ])
        {
            RedirectStandardOutput = true,
        })!;

    /// <summary>The lines of wrk's report that tell how much was read and refused.</summary>
    private static async Task<string> ReadsOfAsync(Process wrk)
    {
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return string.Join(", ", output.Split('\n')
            .Where(line => line.StartsWith("Requests/sec", StringComparison.Ordinal)
                || line.Contains("Non-2xx", StringComparison.Ordinal))
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }
}

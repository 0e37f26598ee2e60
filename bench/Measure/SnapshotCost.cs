using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// What taking snapshots costs a running sale: accepted reservations each second in two clusters (one silo, one front-end) that differ in
/// nothing else, round by round in turn. One takes a part for every 10,000 entries, ten times as often as usual; the other none.
/// </summary>
internal static class SnapshotCost
{
    private const int RoundSeconds = 6;
    private const int Members = 10_000; // so that no member meets the limit of calls
    private const int Unlimited = 100_000_000;

    public static async Task RunAsync(PostgresServer postgres, int rounds)
    {
        await using var with = await StartAsync(10_000);
        await using var without = await StartAsync(1_000_000);
        var (ratios, cpu) = (new List<double>(), new List<double>());
        var (tokensWith, bossWith) = await OpenAsync(with);
        var (tokensWithout, bossWithout) = await OpenAsync(without);
        foreach (var host in new[] { (with, tokensWith), (without, tokensWithout) }) await RoundAsync(host.Item1, host.Item2, 8);
        for (var i = 0; i < rounds; i++)
        {
            // In turn, and each first as often as the other.
            var first = await RoundAsync(i % 2 == 0 ? with : without, i % 2 == 0 ? tokensWith : tokensWithout, RoundSeconds);
            var second = await RoundAsync(i % 2 == 0 ? without : with, i % 2 == 0 ? tokensWithout : tokensWith, RoundSeconds);
            var (on, off) = i % 2 == 0 ? (first, second) : (second, first);
            ratios.Add(on.PerSecond / off.PerSecond);
            cpu.Add(on.Microseconds / off.Microseconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {i + 1}: {on.PerSecond:N0} /s with snapshots, {off.PerSecond:N0} /s without; {on.Microseconds:F1} and {off.Microseconds:F1} µs of silo and front-end"));
        }
        Console.WriteLine($"accepted with snapshots, to without: {ratios.MedianAndRange()}; processor time for one: {cpu.MedianAndRange()}");
        foreach (var boss in new[] { bossWith, bossWithout })
            Console.WriteLine($"drift {(await boss.GetAsync("/admin/events/hot/reconcile")).Data.GetProperty("drift").GetInt64()}");
        File.Delete(tokensWith);
        File.Delete(tokensWithout);

        async Task<BoxOfficeHost> StartAsync(int entries) => await BoxOfficeHost.StartClusterAsync(
            await postgres.CreateDatabaseAsync(), "Silo", ("SnapshotEntries", entries.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<(string Tokens, Client Boss)> OpenAsync(BoxOfficeHost host)
    {
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "hot", name = "Hot", capacity = Unlimited, maxPerMember = Unlimited });
        var tokens = Path.GetTempFileName();
        await File.WriteAllLinesAsync(tokens, (await boss.MembersAsync("member", Members)).Select(member => member.Token!));
        return (tokens, boss);
    }

    private static async Task<(double PerSecond, double Microseconds)> RoundAsync(BoxOfficeHost host, string tokens, int seconds)
    {
        var before = ProcessorTime.Of(host.Api.Id, host.Silo!.Id);
        var perSecond = (await Wrk.ReserveAsync(host.Url, seconds, tokens, "/ticket/reserve/hot")).PerSecond;
        var spent = ProcessorTime.Of(host.Api.Id, host.Silo!.Id) - before;
        return (perSecond, spent.TotalMicroseconds / (perSecond * seconds));
    }
}

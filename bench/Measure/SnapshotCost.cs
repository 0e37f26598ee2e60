using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// The cost of snapshots for a running sale: accepted reservations each second in two otherwise equal clusters (one
/// silo, one front-end), in turn, round by round. One takes a part for every 10,000 entries, ten times as often as by
/// default; the other takes none.
/// </summary>
internal static class SnapshotCost
{
    private const int RoundSeconds = 6, WarmSeconds = 8;
    private const int Members = 10_000; // so many that no member exceeds the rate limit
    private const int Unlimited = 100_000_000;

    public static async Task RunAsync(PostgresServer postgres, int rounds)
    {
        await using var with = await StartAsync(10_000);
        await using var without = await StartAsync(1_000_000);
        var (ratios, cpu) = (new List<double>(), new List<double>());
        var (tokensWith, adminWith) = await OpenAsync(with);
        var (tokensWithout, adminWithout) = await OpenAsync(without);
        await RoundAsync(with, tokensWith, WarmSeconds);
        await RoundAsync(without, tokensWithout, WarmSeconds);
        for (var i = 0; i < rounds; i++)
        {
            // Each goes first in every second round.
            var isWithFirst = i % 2 == 0;
            var first = await (isWithFirst ? WithAsync() : WithoutAsync());
            var second = await (isWithFirst ? WithoutAsync() : WithAsync());
            var (on, off) = isWithFirst ? (first, second) : (second, first);
            ratios.Add(on.PerSecond / off.PerSecond);
            cpu.Add(on.Microseconds / off.Microseconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {i + 1}: {on.PerSecond:N0} /s with snapshots, {off.PerSecond:N0} /s without; "
                + $"{on.Microseconds:F1} and {off.Microseconds:F1} µs of silo and front-end"));
        }
        Console.WriteLine(
            $"accepted with snapshots, to without: {ratios.MedianAndRange()}; processor time for one: "
            + $"{cpu.MedianAndRange()}");
        foreach (var admin in new[] { adminWith, adminWithout })
        {
            var truth = (await admin.GetAsync("/admin/events/hot/reconcile")).Data;
            Console.WriteLine($"drift {truth.GetProperty("drift").GetInt64()}");
        }
        File.Delete(tokensWith);
        File.Delete(tokensWithout);

        Task<(double PerSecond, double Microseconds)> WithAsync() => RoundAsync(with, tokensWith, RoundSeconds);

        Task<(double PerSecond, double Microseconds)> WithoutAsync() =>
            RoundAsync(without, tokensWithout, RoundSeconds);

        async Task<BoxOfficeHost> StartAsync(int entries) => await BoxOfficeHost.StartClusterAsync(
            await postgres.CreateDatabaseAsync(), "Silo",
            ("SnapshotEntries", entries.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<(string Tokens, Client Admin)> OpenAsync(BoxOfficeHost host)
    {
        var admin = await Client.OperatorAsync(host.Url);
        await admin.PostAsync(
            "/admin/events", new { id = "hot", name = "Hot", capacity = Unlimited, maxPerMember = Unlimited });
        var tokens = Path.GetTempFileName();
        await File.WriteAllLinesAsync(
            tokens, (await admin.MembersAsync("member", Members)).Select(member => member.Token!));
        return (tokens, admin);
    }

    private static async Task<(double PerSecond, double Microseconds)> RoundAsync(
        BoxOfficeHost host, string tokens, int seconds)
    {
        var before = ProcessorTime.Of(host.Api.Id, host.Silo!.Id);
        var perSecond = (await Wrk.ReserveAsync(host.Url, seconds, tokens, "/ticket/reserve/hot")).PerSecond;
        var spent = ProcessorTime.Of(host.Api.Id, host.Silo!.Id) - before;
        return (perSecond, spent.TotalMicroseconds / (perSecond * seconds));
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// The cost of the Orleans Dashboard: accepted reservations each second, and processor time for each, in otherwise
/// equal clusters (one silo, one front-end), in turn, round by round.
/// </summary>
internal static class DashboardCost
{
    private const int Rounds = 7; // odd: the median is one of them
    private const int RoundSeconds = 6;
    private const int Members = 10_000; // so many that no member exceeds the rate limit
    private const int Unlimited = 100_000_000;

    private static readonly TimeSpan PageRefresh = TimeSpan.FromSeconds(1);
    // The first read starts the profiler on all silos.
    private static readonly TimeSpan ProfilerOn = TimeSpan.FromSeconds(2);

    // The calls of the dashboard's first page, each second.
    private static readonly string[] PageCalls = ["DashboardCounters", "ClusterStats", "TopGrainMethods"];

    /// <summary>
    /// Measures. With the path of another build's BoxOffice.Silo.dll it measures that silo too, with the page open.
    /// </summary>
    public static async Task RunAsync(PostgresServer postgres, string? otherSilo)
    {
        var sales = new List<Sale>
        {
            await Sale.OpenAsync("off", isWatched: false, await StartAsync(isOn: false)),
            await Sale.OpenAsync("on, nobody watches", isWatched: false, await StartAsync(isOn: true)),
            await Sale.OpenAsync("on, watched", isWatched: true, await StartAsync(isOn: true)),
        };
        if (otherSilo is not null)
            sales.Add(await Sale.OpenAsync(
                "on, watched, the other silo", isWatched: true, await StartAsync(isOn: true, otherSilo)));
        foreach (var sale in sales) await sale.RoundAsync(8);

        var rounds = new List<Measured[]>();
        for (var i = 0; i < Rounds; i++)
        {
            var round = new List<Measured>();
            foreach (var sale in sales) round.Add(await sale.RoundAsync(RoundSeconds));
            rounds.Add([.. round]);
            Console.WriteLine($"round {i + 1}: {string.Join("; ", round)}");
        }

        Console.WriteLine(
            "\n| dashboard | accepted | ratio to off in the same round | processor time of silo and front-end for one "
            + "| ratio | calls of the event profiled | drift |\n|---|---|---|---|---|---|---|");
        for (var i = 0; i < sales.Count; i++)
        {
            var mine = rounds.Select(round => round[i]).ToList();
            var (profiled, drift) = await sales[i].CloseAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {sales[i].Name} | {mine.Select(round => round.PerSecond).Median():N0} /s "
                + $"| {rounds.Select(round => round[i].PerSecond / round[0].PerSecond).MedianAndRange()} "
                + $"| {mine.Select(round => round.Microseconds).Median():F1} µs "
                + $"| {rounds.Select(round => round[i].Microseconds / round[0].Microseconds).MedianAndRange()} "
                + $"| {profiled:N0} | {drift} |"));
        }
        foreach (var sale in sales) await sale.Host.DisposeAsync();

        async Task<BoxOfficeHost> StartAsync(bool isOn, string silo = "Silo") =>
            await BoxOfficeHost.StartClusterAsync(
                await postgres.CreateDatabaseAsync(), silo, ("Dashboard", isOn.ToString()));
    }

    /// <summary>One round: reservations each second, and processor time for one.</summary>
    private readonly record struct Measured(double PerSecond, double Microseconds)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{PerSecond:N0} /s at {Microseconds:F1} µs");
    }

    private sealed record Sale(string Name, bool IsWatched, BoxOfficeHost Host, Client Admin, string Tokens)
    {
        public static async Task<Sale> OpenAsync(string name, bool isWatched, BoxOfficeHost host)
        {
            var admin = await Client.OperatorAsync(host.Url);
            await admin.PostAsync(
                "/admin/events", new { id = "hot", name = "Hot", capacity = Unlimited, maxPerMember = Unlimited });
            var tokens = Path.GetTempFileName();
            await File.WriteAllLinesAsync(
                tokens, (await admin.MembersAsync("member", Members)).Select(member => member.Token!));
            return new(name, isWatched, host, admin, tokens);
        }

        public async Task<Measured> RoundAsync(int seconds)
        {
            using var close = new CancellationTokenSource();
            var page = IsWatched ? WatchAsync(close.Token) : Task.CompletedTask;
            await Task.Delay(ProfilerOn);
            var before = Spent();
            var perSecond = (await Wrk.ReserveAsync(Host.Url, seconds, Tokens, "/ticket/reserve/hot")).PerSecond;
            var spent = Spent() - before;
            await close.CancelAsync();
            await page;
            return new(perSecond, spent.TotalMicroseconds / (perSecond * seconds));
        }

        /// <summary>Ends a sale. Returns the profiled calls and the drift.</summary>
        public async Task<(long Profiled, long Drift)> CloseAsync()
        {
            File.Delete(Tokens);
            var profiled = await ProfiledAsync();
            var truth = (await Admin.GetAsync("/admin/events/hot/reconcile")).Data;
            return (profiled, truth.GetProperty("drift").GetInt64());
        }

        private TimeSpan Spent() => ProcessorTime.Of(Host.Api.Id, Host.Silo!.Id);

        /// <summary>Calls of Reserve in the profiler's last 100 s: shows whether the profiler was on.</summary>
        private async Task<long> ProfiledAsync()
        {
            var top = await Admin.GetAsync("/admin/dashboard/TopGrainMethods");
            if (top.Status != HttpStatusCode.OK) return 0; // there is no dashboard
            return top.Body.GetProperty("calls")
                .EnumerateArray().Where(IsReserve).Sum(method => method.GetProperty("count").GetInt64());
        }

        private static bool IsReserve(JsonElement method) => method.GetProperty("method").GetString() == "Reserve";

        private async Task WatchAsync(CancellationToken closed)
        {
            try
            {
                while (true)
                {
                    foreach (var call in PageCalls) await Admin.GetAsync($"/admin/dashboard/{call}");
                    await Task.Delay(PageRefresh, closed);
                }
            }
            catch (OperationCanceledException)
            {
                // The page is closed.
            }
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// The processor time of page loads on an embedded server: first views and reloads of the buyers' pages, compared with
/// reserve calls. Each is measured one after the other and by a crowd.
/// </summary>
internal static class PageLoads
{
    private const int Events = 12; // on the list
    private const int Rounds = 5;
    private const int IdleSeconds = 10;
    private const int Alone = 100; // sequential loads or calls in a round: a tick of 10 ms is 0.1 ms of each
    private const int CrowdSize = 64;
    private const int LoadsOfEach = 10; // by each browser of the crowd in a round
    private const int Unlimited = 100_000_000;
    private const int ReserveSeconds = 4;

    public static async Task RunAsync()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();
        var admin = await Client.OperatorAsync(host.Url);
        for (var i = 0; i < Events; i++)
        {
            await admin.PostAsync("/admin/events",
                new { id = $"event{i}", name = "The long night", capacity = Unlimited, maxPerMember = Unlimited });
        }
        var members = await admin.MembersAsync("member", 10_000); // so many that none exceeds the rate limit
        var tokens = Path.GetTempFileName();
        await File.WriteAllLinesAsync(tokens, members.Select(member => member.Token!));

        var next = 0;
        var kinds = new Kind[]
        {
            new("first view of the list", PageBrowser.New, browser => browser.OpenListAsync(host.Url)),
            new("reload of the list", PageBrowser.Kept, browser => browser.OpenListAsync(host.Url)),
            new("first view of an event", PageBrowser.New, browser => browser.OpenEventAsync(host.Url, "event0")),
            new("reload of an event", PageBrowser.Kept, browser => browser.OpenEventAsync(host.Url, "event0")),
            new("a reserve call", PageBrowser.Kept, _ => ReserveOneAsync()),
        };
        // The first round compiles the code and fills the browsers' caches.
        foreach (var kind in kinds) await kind.MeasureAsync(host.Api.Id, idle: null);
        var idle = await IdleAsync(host.Api.Id);
        for (var i = 0; i < Rounds; i++)
        {
            foreach (var kind in kinds) await kind.MeasureAsync(host.Api.Id, idle);
        }
        var busy = await ReserveAsync(host, tokens);
        File.Delete(tokens);

        Console.WriteLine($"\n| | requests | KB | one after the other | by {CrowdSize} at once |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var kind in kinds) Console.WriteLine(kind.ToString());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| a reserve call, of 256 buyers (wrk) | | | | {busy.TotalMilliseconds:F3} ms |"));

        Task ReserveOneAsync() => members[Interlocked.Increment(ref next) % members.Length].ReserveAsync("event0");
    }

    /// <summary>The idle process's time each second, after the work of the first round has ended.</summary>
    private static async Task<TimeSpan> IdleAsync(int id)
    {
        await Task.Delay(TimeSpan.FromSeconds(IdleSeconds));
        var before = ProcessorTime.Of(id);
        await Task.Delay(TimeSpan.FromSeconds(IdleSeconds));
        var idle = (ProcessorTime.Of(id) - before) / IdleSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle: {idle.TotalMilliseconds:F1} ms/s"));
        return idle;
    }

    private static async Task<TimeSpan> ReserveAsync(BoxOfficeHost host, string tokens)
    {
        await Wrk.ReserveAsync(host.Url, ReserveSeconds, tokens, "/ticket/reserve/event0");
        var before = ProcessorTime.Of(host.Api.Id);
        var report = await Wrk.ReserveAsync(host.Url, ReserveSeconds, tokens, "/ticket/reserve/event0");
        return (ProcessorTime.Of(host.Api.Id) - before) / report.Answers;
    }

    /// <summary>A kind of load, and its measurements.</summary>
    private sealed class Kind(
        string name, Func<PageBrowser?, PageBrowser> browserFor, Func<PageBrowser, Task> loadAsync)
    {
        private readonly List<double> _alone = [];
        private readonly List<double> _crowd = [];
        private readonly PageBrowser?[] _browsers = new PageBrowser?[CrowdSize];

        /// <summary>Measures one round. The first, without <paramref name="idle"/>, is not counted.</summary>
        public async Task MeasureAsync(int id, TimeSpan? idle)
        {
            var alone = await SpentAsync(id, idle ?? TimeSpan.Zero, Alone, () => LoadAsync(0, Alone));
            var crowd = await SpentAsync(id, idle ?? TimeSpan.Zero, CrowdSize * LoadsOfEach,
                () => Task.WhenAll(Enumerable.Range(0, CrowdSize).Select(i => LoadAsync(i, LoadsOfEach))));
            if (idle is null) return;
            _alone.Add(alone);
            _crowd.Add(crowd);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {_browsers[0]!.Requests} | {_browsers[0]!.Bytes / 1_000.0:F1} "
            + $"| {_alone.MedianAndRange()} ms | {_crowd.MedianAndRange("F3")} ms |");

        private async Task LoadAsync(int place, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var browser = browserFor(_browsers[place]);
                if (_browsers[place] != browser) _browsers[place]?.Dispose();
                _browsers[place] = browser;
                browser.BeginPage();
                await loadAsync(browser);
            }
        }

        private static async Task<double> SpentAsync(int id, TimeSpan idle, int count, Func<Task> workAsync)
        {
            var begunAt = Stopwatch.GetTimestamp();
            var before = ProcessorTime.Of(id);
            await workAsync();
            var spent = ProcessorTime.Of(id) - before - idle * Stopwatch.GetElapsedTime(begunAt).TotalSeconds;
            return spent.TotalMilliseconds / count;
        }
    }
}

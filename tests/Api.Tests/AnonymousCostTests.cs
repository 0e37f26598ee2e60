using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using BoxOffice.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>What callers without a token can make a front-end with 1,000 events do.</summary>
public sealed class AnonymousCostTests
{
    // What the processor's caches and the runtime do differs by a few times; without sharing it is hundreds of times.
    private const double MostTimesAlive = 20;

    private const int Events = 1_000;
    private const int Callers = 16;
    private const int AtOnce = 64;
    private const double TicksPerSecond = 100; // of /proc; the same on every Linux that .NET runs on

    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(0.5);

    [Fact]
    public async Task No_read_without_a_token_costs_twenty_times_as_much_as_alive_unless_it_is_limited()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();
        var boss = await Client.OperatorAsync(host.Url);
        await Parallel.ForAsync(0, Events, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            await boss.PostAsync("/admin/events", new { id = $"night-{i}", name = $"Night {i}", capacity = 10 }));
        var document = (await boss.GetAsync("/openapi/v1.json")).Body;

        await CostAsync(host, "/alive", _ => "/alive"); // until its code is compiled
        var alive = await CostAsync(host, "/alive", _ => "/alive");
        var costs = new List<Cost> { alive, await CostAsync(host, "the document", _ => "/openapi/v1.json") };
        foreach (var path in PathsWithoutToken(document))
            foreach (var (name, make) in CallsOf(path))
                costs.Add(await CostAsync(host, name, make));

        var report = string.Join('\n', costs.Select(cost => cost.Over(alive)));
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        Assert.True(costs.Count > 7, report);
        Assert.All(costs, cost => Assert.True(
            cost.IsLimited || cost.Microseconds <= MostTimesAlive * alive.Microseconds, cost.Name + " in\n" + report));
    }

    private static IEnumerable<string> PathsWithoutToken(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("get", out var get) && !NeedsToken(get))
            .Select(path => path.Name)
            .Where(path => path != "/alive");

    private static bool NeedsToken(JsonElement operation) =>
        operation.TryGetProperty("security", out var security)
            && security.EnumerateArray().Any()
            && security.EnumerateArray().All(rule => rule.EnumerateObject().Any());

    /// <summary>The ways to call one path: the same each time, and another each time.</summary>
    private static IEnumerable<(string Name, Func<int, string> Make)> CallsOf(string path)
    {
        yield return (path, i => path.Replace("{eventId}", $"night-{i % Events}", StringComparison.Ordinal));
        if (path.Contains("{eventId}", StringComparison.Ordinal))
        {
            yield return (path + ", one event", _ => path.Replace("{eventId}", "night-1", StringComparison.Ordinal));
            yield return (
                path + ", no event", i => path.Replace("{eventId}", $"made-up-{i}", StringComparison.Ordinal));
        }
        if (!path.EndsWith("/events", StringComparison.Ordinal)) yield break;
        yield return (path + ", another limit each time", i => $"{path}?limit={1_000 - (i % Events)}");
        yield return (path + ", another place each time", i => $"{path}?after=night-{i}");
    }

    /// <summary>Calls as fast as the answers come, and gives the processor time of the host for one.</summary>
    private static async Task<Cost> CostAsync(BoxOfficeHost host, string name, Func<int, string> make)
    {
        using var http = new HttpClient { BaseAddress = host.Url };
        var (next, isLimited) = (0, false);
        await CallAsync(Warm);
        var before = TicksOf(host.Api.Id);
        var answers = await CallAsync(Measured);
        var spent = (TicksOf(host.Api.Id) - before) / TicksPerSecond;
        return new(name, spent * 1_000_000 / answers, answers / Measured.TotalSeconds, isLimited);

        async Task<int> CallAsync(TimeSpan during)
        {
            var (begun, count) = (Stopwatch.GetTimestamp(), 0);
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
            {
                while (Stopwatch.GetElapsedTime(begun) < during)
                {
                    var path = make(Interlocked.Increment(ref next));
                    using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
                    if ((int)answer.StatusCode == 429) isLimited = true;
                    else if (answer.StatusCode != HttpStatusCode.NotFound) answer.EnsureSuccessStatusCode();
                    // A stream is left after its first bytes.
                    if (answer.Content.Headers.ContentLength is not null) await answer.Content.ReadAsByteArrayAsync();
                    Interlocked.Increment(ref count);
                }
            })));
            return count;
        }
    }

    private static long TicksOf(int process)
    {
        // 1234 (a name) S parent … and from the 14th field utime and stime
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private sealed record Cost(string Name, double Microseconds, double PerSecond, bool IsLimited)
    {
        public string Over(Cost alive) => string.Create(CultureInfo.InvariantCulture,
            $"{Name}: {Microseconds:F0} µs, {Microseconds / alive.Microseconds:F1} times /alive, "
            + $"{PerSecond:F0} /s{Limited}");

        private string Limited => IsLimited ? ", limited" : "";
    }
}

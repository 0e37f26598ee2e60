using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// Compares reserving with an endpoint of the same host that does nothing (GET /alive), round by round, with wrk at 256
/// connections. Every accepted reservation is durable before it is answered; the journal is reconciled afterwards.
/// </summary>
internal static partial class Throughput
{
    private const int Rounds = 5;
    private const int Members = 10_000; // so that no member meets the limit of calls
    private const int Unlimited = 100_000_000;

    public static async Task RunAsync(PostgresServer postgres)
    {
        Console.WriteLine("\n| form | what | median | ratio to the empty endpoint of the same round |\n|---|---|---|---|");
        await using (var embedded = await BoxOfficeHost.StartEmbeddedAsync()) await RunAsync("embedded", embedded);
        await using (var cluster = await BoxOfficeHost.StartClusterAsync(await postgres.CreateDatabaseAsync())) await RunAsync("cluster", cluster);
    }

    private static async Task RunAsync(string form, BoxOfficeHost host)
    {
        var boss = await Client.OperatorAsync(host.Url);
        await boss.PostAsync("/admin/events", new { id = "hot", name = "Hot", capacity = Unlimited, maxPerMember = Unlimited });
        await boss.PostAsync("/admin/events", new { id = "gone", name = "Gone", capacity = 1, maxPerMember = Unlimited });
        var members = await boss.MembersAsync("member", Members);
        await members[0].ReserveAsync("gone");
        var tokens = Path.GetTempFileName();
        await File.WriteAllLinesAsync(tokens, members.Select(member => member.Token!));

        await WrkAsync(host, 5, "/alive");
        await WrkAsync(host, 10, null, tokens, "/ticket/reserve/hot"); // warm
        var rounds = new List<(double Empty, double Accepted, double Refused)>();
        for (var i = 0; i < Rounds; i++)
        {
            rounds.Add((await WrkAsync(host, 5, "/alive"),
                await WrkAsync(host, 10, null, tokens, "/ticket/reserve/hot"),
                await WrkAsync(host, 5, null, tokens, "/ticket/reserve/gone")));
        }
        File.Delete(tokens);

        var truth = (await boss.GetAsync("/admin/events/hot/reconcile")).Data;
        Print(form, "empty endpoint", rounds.Select(one => one.Empty), rounds.Select(_ => 1.0));
        Print(form, "accepted", rounds.Select(one => one.Accepted), rounds.Select(one => one.Accepted / one.Empty));
        Print(form, "refused (SOLD_OUT)", rounds.Select(one => one.Refused), rounds.Select(one => one.Refused / one.Empty));
        Console.WriteLine($"| {form} | in the journal | {truth.GetProperty("confirmed")} sold | drift {truth.GetProperty("drift")} |");
    }

    private static void Print(string form, string what, IEnumerable<double> perSecond, IEnumerable<double> ratios)
    {
        var (rates, sorted) = (perSecond.Order().ToList(), ratios.Order().ToList());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {form} | {what} | {rates[rates.Count / 2]:N0} /s | {sorted[sorted.Count / 2]:F2} ({sorted[0]:F2} to {sorted[^1]:F2}) |"));
    }

    /// <summary>Requests each second, of a path or of reserve.lua.</summary>
    internal static async Task<double> WrkAsync(BoxOfficeHost host, int seconds, string? path, params string[] scriptArguments)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "-t2", "-c256", $"-d{seconds}" }) start.ArgumentList.Add(argument);
        if (path is null)
        {
            start.ArgumentList.Add("-s");
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "reserve.lua"));
        }
        start.ArgumentList.Add(new Uri(host.Url, path ?? "/").ToString());
        if (path is null) start.ArgumentList.Add("--");
        foreach (var argument in scriptArguments) start.ArgumentList.Add(argument);
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return double.Parse(RequestsPerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RequestsPerSecond();
}

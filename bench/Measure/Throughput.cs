using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// Compares reserving with an endpoint of the same host that does nothing (GET /alive), round by round, with wrk at 256
/// connections. Every accepted reservation is durable before it is answered; the journal is reconciled afterwards.
/// </summary>
internal static class Throughput
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

        await EmptyAsync();
        await ReserveAsync(10, "hot"); // warm
        var rounds = new List<(double Empty, double Accepted, double Refused)>();
        for (var i = 0; i < Rounds; i++) rounds.Add((await EmptyAsync(), await ReserveAsync(10, "hot"), await ReserveAsync(5, "gone")));
        File.Delete(tokens);

        var truth = (await boss.GetAsync("/admin/events/hot/reconcile")).Data;
        Print(form, "empty endpoint", rounds.Select(one => one.Empty), rounds.Select(_ => 1.0));
        Print(form, "accepted", rounds.Select(one => one.Accepted), rounds.Select(one => one.Accepted / one.Empty));
        Print(form, "refused (SOLD_OUT)", rounds.Select(one => one.Refused), rounds.Select(one => one.Refused / one.Empty));
        Console.WriteLine($"| {form} | in the journal | {truth.GetProperty("confirmed")} sold | drift {truth.GetProperty("drift")} |");

        async Task<double> EmptyAsync() => (await Wrk.GetAsync(host.Url, 5, "/alive")).PerSecond;
        async Task<double> ReserveAsync(int seconds, string id) => (await Wrk.ReserveAsync(host.Url, seconds, tokens, $"/ticket/reserve/{id}")).PerSecond;
    }

    private static void Print(string form, string what, IEnumerable<double> perSecond, IEnumerable<double> ratios) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {form} | {what} | {perSecond.Median():N0} /s | {ratios.MedianAndRange()} |"));
}

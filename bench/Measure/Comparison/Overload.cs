using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Overload: three times a contestant's maximum for half a minute, then half of the maximum. Shows sales, latency,
/// refusals and recovery.
/// </summary>
internal static class Overload
{
    private const int Times = 3;
    private const int OfferSeconds = 32;
    private const int RecoverySeconds = 5;
    private const int Connections = 16_000; // below the limits of open files, for two generators and for the server
    private const int Generators = 2;

    // The wait for a free connection. A real crowd has one for each buyer: a wait in the generator is not the server's.
    private const double PatienceSeconds = 0.1;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var plan = Plan.Of(arguments) with { IsShort = false };
        if (plan.Only is null) plan = plan with { Only = ["P1", Contestants.Ours, Contestants.Embedded] };
        await using var run = new ComparisonRun(plan);
        await run.StartAsync(poolSize: 16);
        await run.WarmAsync();
        Console.WriteLine(
            "\n| | maximum | offered | accepted | p50, p99 of accepted | no connection free "
            + "| not connected; broken; unanswered | refused "
            + "| in the 5 s after, half the maximum offered: accepted, p99 |\n|---|---|---|---|---|---|---|---|---|");
        foreach (var contestant in run.All) Console.WriteLine(await TakeAsync(contestant, plan.Seconds));
    }

    private static async Task<string> TakeAsync(Contestant contestant, int seconds)
    {
        var maximum = (await Sale.ClosedAsync(contestant, "maximum", Plan.Crowd, seconds))[Figure.PerSecond];
        var much = OfferedLoad.Request(maximum * Times, OfferSeconds) with
        {
            Connections = Connections,
            PatienceSeconds = PatienceSeconds,
            LeadSeconds = 0,
        };
        var over = await Sale.OfferedAsync(contestant, "overload", much, Generators);
        var after = await Sale.OfferedAsync(
            contestant, "recovery", OfferedLoad.Request(maximum / 2, RecoverySeconds) with { LeadSeconds = 0 });
        var refused = over.Where(figure => figure.Key.StartsWith(Figure.RefusedWith, StringComparison.Ordinal))
            .Select(figure =>
                $"{figure.Key[Figure.RefusedWith.Length..]} "
                + $"{figure.Value.ToString("N0", CultureInfo.InvariantCulture)}");
        return string.Create(CultureInfo.InvariantCulture,
            $"| {contestant.Name} | {maximum:N0} /s | {maximum * Times:N0} /s | {over[Figure.PerSecond]:N0} /s, "
            + $"{over[Figure.PerSecond] / maximum:P0} of the maximum | {over[Figure.P50]:F0} ms, "
            + $"{over[Figure.P99]:F0} ms | {over[Figure.GaveUp]:N0} | {over[Figure.NotConnected]:N0}; "
            + $"{over[Figure.Broken]:N0}; {over[Figure.Unanswered]:N0} | {string.Join(", ", refused)} "
            + $"| {after[Figure.PerSecond]:N0} /s, {after[Figure.P99]:F0} ms |");
    }
}

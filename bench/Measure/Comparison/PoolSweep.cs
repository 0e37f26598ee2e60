using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Finds the best pool size of P1 on this machine: it should be compared at its best.
/// </summary>
internal static class PoolSweep
{
    private const int Seconds = 2;

    /// <summary>Returns P1's sales each second for each pool size.</summary>
    public static async Task<IReadOnlyDictionary<int, double>> RunAsync(IReadOnlyList<int> sizes)
    {
        var perSecond = new SortedDictionary<int, double>();
        foreach (var size in sizes)
        {
            await using var contestant = await PeerContestant.StartOnPostgresAsync("P1", "p1", size);
            await Sale.ClosedAsync(contestant, "warm", Plan.Crowd, Seconds);
            perSecond[size] = (await Sale.ClosedAsync(contestant, "hot", Plan.Crowd, Seconds))[Figure.PerSecond];
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"P1 with {size} connections to PostgreSQL: {perSecond[size]:N0} /s"));
        }
        return perSecond;
    }
}

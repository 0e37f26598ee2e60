using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>Finds how many connections to PostgreSQL suit P1 best on this machine: a comparison should meet it at its best.</summary>
internal static class PoolSweep
{
    private const int Seconds = 2;

    /// <summary>What P1 sold each second with each size.</summary>
    public static async Task<IReadOnlyDictionary<int, double>> RunAsync(IReadOnlyList<int> sizes)
    {
        var perSecond = new SortedDictionary<int, double>();
        foreach (var size in sizes)
        {
            await using var one = await PeerContestant.StartOnPostgresAsync("P1", "p1", size);
            await Sale.ClosedAsync(one, "warm", Plan.Crowd, Seconds);
            perSecond[size] = (await Sale.ClosedAsync(one, "hot", Plan.Crowd, Seconds))[Figure.PerSecond];
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"P1 with {size} connections to PostgreSQL: {perSecond[size]:N0} /s"));
        }
        return perSecond;
    }
}

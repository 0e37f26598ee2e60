using System.Globalization;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>
/// Thousands of generated sales. Each has a seed of its own, which a failure prints; with the environment variable
/// <c>BOXOFFICE_SEED</c> set to it, that sale is the first. Without the variable the sales are the same every time.
/// </summary>
public sealed class SimulationTests
{
    private const int SaleCount = 3_000;
    private const int CallsPerSale = 200;
    private const string DefaultSeed = "20260501";

    private static readonly int FirstSeed =
        int.Parse(Environment.GetEnvironmentVariable("BOXOFFICE_SEED") ?? DefaultSeed, CultureInfo.InvariantCulture);

    [Fact]
    public void For_any_calls_the_ledger_does_what_the_naive_rules_say()
    {
        for (var i = 0; i < SaleCount; i++) Run(unchecked(FirstSeed + i));
    }

    private static void Run(int seed)
    {
        var sale = new SimulatedSale(seed);
        try
        {
            sale.Run(CallsPerSale);
        }
        catch (Exception e)
        {
            // For any failure, the seed reproduces it.
            Assert.Fail($"BOXOFFICE_SEED={seed}, {sale.Position}: {e.Message}\n{e.StackTrace}");
        }
    }
}

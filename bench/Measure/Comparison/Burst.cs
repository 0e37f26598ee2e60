namespace BoxOffice.Measure.Comparison;

/// <summary>Nine thousand buyers connect in the same moment, and each asks for one of a thousand tickets.</summary>
internal static class Burst
{
    public const string Name = "burst-9000";

    private const int Buyers = 9_000;
    private const int Tickets = 1_000;
    private const int BuyersOfOneGenerator = 4_500; // far below any limit of open files
    private const double AnswerSeconds = 30;

    public static async Task RunAsync(Stage stage)
    {
        var contestants = stage.All.Where(one => one.HasStore && (!stage.Plan.IsShort || one.Name == Contestants.Ours)).ToList();
        await stage.TakeTurnsAsync(Name, contestants, async (one, round) =>
        {
            var (overflows, drops) = AcceptQueues.Read();
            var figures = await Sale.OfferedAsync(one, $"{Name}-{round}",
                OfferedLoad.Request(perSecond: 0, seconds: 0) with { Connections = Buyers, LeadSeconds = 0, AnswerSeconds = AnswerSeconds },
                processes: Buyers / BuyersOfOneGenerator, capacity: Tickets);
            var after = AcceptQueues.Read();
            (figures[Figure.ListenOverflows], figures[Figure.ListenDrops]) = (after.Overflows - overflows, after.Drops - drops);
            return figures;
        });
    }
}

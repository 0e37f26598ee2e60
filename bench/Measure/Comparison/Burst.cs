namespace BoxOffice.Measure.Comparison;

/// <summary>Nine thousand buyers connect at once, and each reserves one of a thousand tickets.</summary>
internal static class Burst
{
    public const string Name = "burst-9000";

    private const int Buyers = 9_000;
    private const int Tickets = 1_000;
    private const int BuyersOfOneGenerator = 4_500; // far below any limit of open files
    private const double AnswerSeconds = 30;

    public static async Task RunAsync(ComparisonRun run)
    {
        var contestants = run.All.Where(contestant => contestant.HasStore)
            .Where(contestant => !run.Plan.IsShort || contestant.Name == Contestants.Ours)
            .ToList();
        await run.TakeTurnsAsync(Name, contestants, async (contestant, round) =>
        {
            var (overflows, drops) = AcceptQueues.Read();
            var burst = OfferedLoad.Request(perSecond: 0, seconds: 0) with
            {
                Connections = Buyers,
                LeadSeconds = 0,
                AnswerSeconds = AnswerSeconds,
            };
            var figures = await Sale.OfferedAsync(
                contestant, $"{Name}-{round}", burst, processes: Buyers / BuyersOfOneGenerator, capacity: Tickets);
            var after = AcceptQueues.Read();
            (figures[Figure.ListenOverflows], figures[Figure.ListenDrops]) =
                (after.Overflows - overflows, after.Drops - drops);
            return figures;
        });
    }
}

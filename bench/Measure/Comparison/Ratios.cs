namespace BoxOffice.Measure.Comparison;

/// <summary>
/// The ratios of BoxOffice to the other contestants, in each round.
/// </summary>
internal static class Ratios
{
    private static readonly string Hot = HotEvent.NameAt(Plan.Crowd);
    private static readonly string Alone = HotEvent.NameAt(1);

    /// <summary>
    /// All ratios by their names in the results' file; null where a contestant did not take part.
    /// </summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<double>?> Of(Results results)
    {
        return new Dictionary<string, IReadOnlyList<double>?>
        {
            ["u_e1"] = Accepted(Contestants.Ours, "E1"),
            ["embedded_e1"] = Accepted(Contestants.Embedded, "E1"),
            ["refused_e1"] = Each(
                (SellOut.Refusals, Contestants.Ours, Figure.RefusedPerSecond),
                (SellOut.Refusals, "E1", Figure.PerSecond)),
            ["refused_with_keys_e1"] = Each(
                (SellOut.RefusalsWithKeys, Contestants.Ours, Figure.RefusedPerSecond),
                (SellOut.Refusals, "E1", Figure.PerSecond)),
            ["u_p1"] = Accepted(Contestants.Ours, "P1"),
            ["u_p2"] = Accepted(Contestants.Ours, "P2"),
            ["u_o1"] = Accepted(Contestants.Ours, "O1"),
            ["u_r1"] = Accepted(Contestants.Ours, "R1"),
            ["cpu_e1"] = Each((Hot, Contestants.Ours, Figure.Processor), (Hot, "E1", Figure.Processor)),
            ["p99_half_e1"] = Each(
                (OfferedLoad.NameAt(50), Contestants.Ours, Figure.P99), (OfferedLoad.AtOurHalf, "E1", Figure.P99)),
            ["single_p1"] = Each((Alone, Contestants.Ours, Figure.P50), (Alone, "P1", Figure.P50)),
            ["login_p99"] = Each(
                (LoginStorm.Storm, Contestants.Ours, Figure.P99), (LoginStorm.Quiet, Contestants.Ours, Figure.P99)),
            ["events_cost"] = Each(
                (EventsAndSilos.Many, Contestants.Ours, Figure.Processor),
                (EventsAndSilos.One, Contestants.Ours, Figure.Processor)),
            ["silos_cost"] = Each(
                (EventsAndSilos.Many, EventsAndSilos.FourSilos, Figure.Processor),
                (EventsAndSilos.Many, Contestants.Ours, Figure.Processor)),
            ["again_cpu"] = Cost(Contestants.Again),
            ["observed_cpu"] = Cost(Contestants.Observed),
            ["exported_cpu"] = Cost(Contestants.Exported),
            ["scraped_cpu"] = Cost(Contestants.Scraped),
            ["burst_failed"] =
                results.Of(Burst.Name, Contestants.Ours, Figure.Failed) is { Count: > 0 } failed ? failed : null,
            ["oversold"] = SumOfOurs(Figure.Oversold),
            ["lost"] = SumOfOurs(Figure.Lost),
        };

        IReadOnlyList<double>? Accepted(string one, string other) =>
            Each((Hot, one, Figure.PerSecond), (Hot, other, Figure.PerSecond));

        IReadOnlyList<double>? Cost(string variant) =>
            Each((Hot, variant, Figure.Processor), (Hot, Contestants.Ours, Figure.Processor));

        IReadOnlyList<double>? Each((string, string, string) over, (string, string, string) under) =>
            results.Ratios(over, under) is { Count: > 0 } ratios ? ratios : null;

        IReadOnlyList<double> SumOfOurs(string figure) =>
            [
                results.Turns.Where(turn => Contestants.IsOurs(turn.Contestant))
                    .Sum(turn => turn.Figures.GetValueOrDefault(figure)),
            ];
    }
}

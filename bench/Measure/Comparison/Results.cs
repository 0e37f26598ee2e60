namespace BoxOffice.Measure.Comparison;

/// <summary>All turns, with medians and ratios.</summary>
internal sealed class Results
{
    private readonly List<Turn> _turns = [];

    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>Scenarios in the order in which they were measured.</summary>
    public IEnumerable<string> Scenarios => _turns.Select(turn => turn.Scenario).Distinct();

    public void Add(Turn turn) => _turns.Add(turn);

    /// <summary>A figure of every round that has it.</summary>
    public IReadOnlyList<double> Of(string scenario, string contestant, string figure) =>
        [
            .. Select(scenario, contestant).Where(turn => turn.Figures.ContainsKey(figure))
                .Select(turn => turn.Figures[figure]),
        ];

    /// <summary>The median over rounds; null when it was not measured.</summary>
    public double? Median(string scenario, string contestant, string figure) =>
        Of(scenario, contestant, figure) is { Count: > 0 } values ? values.Median() : null;

    /// <summary>One figure divided by another of the same round, for each round that has both.</summary>
    public IReadOnlyList<double> Ratios(
        (string Scenario, string Contestant, string Figure) over,
        (string Scenario, string Contestant, string Figure) under) =>
        [.. from a in Select(over.Scenario, over.Contestant)
            join b in Select(under.Scenario, under.Contestant) on a.Round equals b.Round
            where a.Figures.ContainsKey(over.Figure) && b.Figures.GetValueOrDefault(under.Figure) > 0
            select a.Figures[over.Figure] / b.Figures[under.Figure]];

    private IEnumerable<Turn> Select(string scenario, string contestant) =>
        _turns.Where(turn => turn.Scenario == scenario && turn.Contestant == contestant);
}

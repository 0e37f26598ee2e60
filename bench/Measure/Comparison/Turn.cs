namespace BoxOffice.Measure.Comparison;

/// <summary>The figures of a contestant in a round of a scenario.</summary>
/// <param name="Scenario">The scenario, such as hot-256.</param>
/// <param name="Contestant">The contestant, such as U.</param>
/// <param name="Round">The round, from 1.</param>
/// <param name="Figures">The figures by the names in <see cref="Figure"/>.</param>
internal sealed record Turn(string Scenario, string Contestant, int Round, Dictionary<string, double> Figures);

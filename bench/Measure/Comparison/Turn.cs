namespace BoxOffice.Measure.Comparison;

/// <summary>What one contestant did in one round of one scenario.</summary>
/// <param name="Scenario">Such as hot-256.</param>
/// <param name="Contestant">Such as U.</param>
/// <param name="Round">From 1.</param>
/// <param name="Figures">By the names in <see cref="Figure"/>.</param>
internal sealed record Turn(string Scenario, string Contestant, int Round, Dictionary<string, double> Figures);

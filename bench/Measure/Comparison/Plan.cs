using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>The extent of a comparison.</summary>
/// <param name="IsShort">A short comparison of about ten minutes.</param>
/// <param name="Rounds">The number of rounds; each contestant has a turn in each. Odd: the median is one of
/// them.</param>
/// <param name="Seconds">The duration of a turn.</param>
/// <param name="WarmSeconds">The warm-up before the first turn; two contestants warm up at a time.</param>
/// <param name="Connections">The numbers of connections of the hot event.</param>
/// <param name="Loads">Loads in percent of each contestant's maximum.</param>
/// <param name="StormMembers">The members of the login storm. A few a second are served, for sales go first. They are
/// fewer than the queue takes, so that all are served before the next quiet turn.</param>
/// <param name="PoolSizes">The pool sizes to try. P1, P2 and O1 use the best.</param>
/// <param name="Only">Names of contestants; null: all.</param>
/// <param name="Scenarios">Names of scenarios; null: all. Scenarios at a part of the maximum need <c>hot-256</c>, which
/// measures the maximum.</param>
internal sealed record Plan(
    bool IsShort,
    int Rounds,
    int Seconds,
    int WarmSeconds,
    int[] Connections,
    int[] Loads,
    int StormMembers,
    int[] PoolSizes,
    string[]? Only = null,
    string[]? Scenarios = null)
{
    /// <summary>The seed of the shuffled order, which is the same in every run.</summary>
    public const int Seed = 1;

    /// <summary>The number of connections at which all contestants are compared.</summary>
    public const int Crowd = 256;

    private static readonly string[] Options = ["--short", "--scenarios", "--only", "--rounds", "--seconds", "--warm"];
    // the contestants of a short run with one connection, and under load
    private static readonly string[] ApartInShort = ["E1", "P1", Contestants.Ours];

    /// <summary>
    /// Reads <c>--short --scenarios hot-256,offered-50 --only U,U-embedded --rounds 1 --seconds 1 --warm 30</c>, in any
    /// order. Throws when an option or a scenario is unknown.
    /// </summary>
    public static Plan Of(IReadOnlyList<string> arguments)
    {
        var options = arguments.Where(argument => argument.StartsWith('-'));
        if (options.Except(Options).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no option {unknown}. There are {string.Join(", ", Options)}.");
        var isWhole = arguments.All(argument => argument == "--short");
        var plan = arguments.Contains("--short")
            ? new Plan(true, Rounds: 3, Seconds: 4, WarmSeconds: 10, [Crowd, 1], [50], StormMembers: 40, [4, 8, 16])
            : new Plan(false, Rounds: 3, Seconds: 4, WarmSeconds: 20,
                [Crowd, 1, 16, 64, 1_024], [25, 50, 80], StormMembers: 60, [4, 8, 16, 32]);
        if (ValueOf("--rounds") is { } rounds) plan = plan with { Rounds = Number(rounds) };
        if (ValueOf("--seconds") is { } text && Number(text) is var seconds)
            plan = plan with { Seconds = seconds, WarmSeconds = Math.Min(plan.WarmSeconds, 2 * seconds) };
        if (ValueOf("--warm") is { } warm) plan = plan with { WarmSeconds = Number(warm) };
        plan = plan with { Only = ValueOf("--only")?.Split(','), Scenarios = ValueOf("--scenarios")?.Split(',') };
        plan.RequireKnownScenarios();
        return plan with { IsWhole = isWhole };

        string? ValueOf(string name) => arguments.SkipWhile(argument => argument != name).ElementAtOrDefault(1);
        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>The duration of a turn with one connection: its latency needs few calls.</summary>
    public int AloneSeconds => IsShort ? Math.Min(Seconds, 2) : Seconds;

    /// <summary>The duration of a turn of refusals: two follow each other.</summary>
    public int RefusalSeconds => IsShort ? Math.Min(Seconds, 2) : Seconds;

    /// <summary>
    /// True for the two commands of docs/benchmarks.md without other options: their results are stored.
    /// </summary>
    public bool IsWhole { get; private init; }

    /// <summary>
    /// True when a contestant takes part. In a short run, variants and contestants that may lose sales take part only
    /// when named.
    /// </summary>
    public bool Includes(string name) => Only?.Contains(name) ?? (!IsShort || Contestants.IsInShort(name));

    /// <summary>True when a scenario takes place.</summary>
    public bool Has(string scenario) => Scenarios?.Contains(scenario) ?? true;

    /// <summary>True when a contestant has a turn with this number of connections.</summary>
    public bool HasTurnAt(int connections, string name) =>
        connections == Crowd || (IsShort ? ApartInShort.Contains(name) : IsNamedOrNoVariant(name));

    /// <summary>True when a contestant has a turn at a part of its maximum.</summary>
    public bool HasTurnUnderLoad(string name) => IsShort ? ApartInShort.Contains(name) : IsNamedOrNoVariant(name);

    // Variants are compared at the maximum only, unless they are named.
    private bool IsNamedOrNoVariant(string name) => Only is not null || !Contestants.IsVariant(name);

    private void RequireKnownScenarios()
    {
        if (Scenarios is null) return;
        var maximum = HotEvent.NameAt(Crowd);
        string[] atPartOfIt = [.. Loads.Select(OfferedLoad.NameAt), LoginStorm.Storm];
        string[] known =
            [.. Connections.Select(HotEvent.NameAt), SellOut.Refusals, .. atPartOfIt, Burst.Name, EventsAndSilos.Many];
        if (Scenarios.Except(known).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no scenario {unknown}. There are {string.Join(", ", known)}.");
        if (Scenarios.Intersect(atPartOfIt).FirstOrDefault() is { } part && !Scenarios.Contains(maximum))
            throw new ArgumentException($"{part} needs {maximum}, which finds the maximum.");
    }
}

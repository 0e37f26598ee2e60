using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>How much is measured.</summary>
/// <param name="IsShort">About ten minutes, all in all.</param>
/// <param name="Rounds">In each of which everybody has a turn. Odd: the median is one of them.</param>
/// <param name="Seconds">Of a turn.</param>
/// <param name="WarmSeconds">Before the first turn; two contestants warm up at once.</param>
/// <param name="Connections">Of the hot event.</param>
/// <param name="Loads">In percent of each contestant's own maximum.</param>
/// <param name="StormMembers">Who log in again and again during the login storm, a few a second of whom are served: the sale goes first. All are served before the next quiet turn, so that they are fewer than the queue takes.</param>
/// <param name="PoolSizes">Connections to PostgreSQL, the best of which P1, P2 and O1 have.</param>
/// <param name="Only">Names of the contestants; null: everybody.</param>
/// <param name="Scenarios">Names of scenarios; null: all. What is offered at a part of the maximum needs <c>hot-256</c> too, which finds it.</param>
internal sealed record Plan(
    bool IsShort, int Rounds, int Seconds, int WarmSeconds, int[] Connections, int[] Loads, int StormMembers, int[] PoolSizes, string[]? Only, string[]? Scenarios)
{
    /// <summary>Of the shuffled order, which is the same in every run.</summary>
    public const int Seed = 1;

    /// <summary>The connections at which everything is compared.</summary>
    public const int Crowd = 256;

    private static readonly string[] Options = ["--short", "--scenarios", "--only", "--rounds", "--seconds", "--warm"];
    private static readonly string[] ApartInShort = ["E1", "P1", Contestants.Ours]; // with one connection, and under load

    /// <summary>Reads <c>--short --scenarios hot-256,offered-50 --only U,U-embedded --rounds 1 --seconds 1 --warm 30</c>, in any order. Throws when an option or a scenario is unknown.</summary>
    public static Plan Of(IReadOnlyList<string> arguments)
    {
        if (arguments.FirstOrDefault(one => one.StartsWith('-') && !Options.Contains(one)) is { } unknown)
            throw new ArgumentException($"There is no option {unknown}. There are {string.Join(", ", Options)}.");
        var isWhole = arguments.All(one => one == "--short");
        var plan = arguments.Contains("--short")
            ? new Plan(true, Rounds: 3, Seconds: 4, WarmSeconds: 10, [Crowd, 1], [50], StormMembers: 40, [4, 8, 16], null, null)
            : new Plan(false, Rounds: 3, Seconds: 4, WarmSeconds: 20, [Crowd, 1, 16, 64, 1_024], [25, 50, 80], StormMembers: 60, [4, 8, 16, 32], null, null);
        if (ValueOf("--rounds") is { } rounds) plan = plan with { Rounds = Number(rounds) };
        if (ValueOf("--seconds") is { } seconds) plan = plan with { Seconds = Number(seconds), WarmSeconds = Math.Min(plan.WarmSeconds, 2 * Number(seconds)) };
        if (ValueOf("--warm") is { } warm) plan = plan with { WarmSeconds = Number(warm) };
        plan = plan with { Only = ValueOf("--only")?.Split(','), Scenarios = ValueOf("--scenarios")?.Split(',') };
        plan.RequireKnownScenarios();
        return plan with { IsWhole = isWhole };

        string? ValueOf(string name) => arguments.SkipWhile(one => one != name).ElementAtOrDefault(1);
        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Of a turn with one connection: its latency needs few calls.</summary>
    public int AloneSeconds => IsShort ? Math.Min(Seconds, 2) : Seconds;

    /// <summary>Of a turn in which everybody is refused: two of them follow each other.</summary>
    public int RefusalSeconds => IsShort ? Math.Min(Seconds, 2) : Seconds;

    /// <summary>One of the two commands that docs/benchmarks.md names, with nothing changed: worth keeping.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Whether somebody takes part at all. In a short run the variants, and who may lose what was sold, do only when they are named.</summary>
    public bool Includes(string name) => Only?.Contains(name) ?? (!IsShort || Contestants.IsInShort(name));

    /// <summary>Whether a scenario takes place.</summary>
    public bool Has(string scenario) => Scenarios?.Contains(scenario) ?? true;

    /// <summary>Whether somebody has a turn with so many connections.</summary>
    public bool HasTurnAt(int connections, string name) => connections == Crowd || (IsShort ? ApartInShort.Contains(name) : IsNamedOrNoVariant(name));

    /// <summary>Whether somebody has a turn at a part of its maximum.</summary>
    public bool HasTurnUnderLoad(string name) => IsShort ? ApartInShort.Contains(name) : IsNamedOrNoVariant(name);

    // What a part brings or costs is seen at the maximum.
    private bool IsNamedOrNoVariant(string name) => Only is not null || !Contestants.IsVariant(name);

    private void RequireKnownScenarios()
    {
        if (Scenarios is null) return;
        var maximum = HotEvent.NameAt(Crowd);
        string[] atPartOfIt = [.. Loads.Select(OfferedLoad.NameAt), LoginStorm.Storm];
        string[] known = [.. Connections.Select(HotEvent.NameAt), SellOut.Refusals, .. atPartOfIt, Burst.Name, EventsAndSilos.Many];
        if (Scenarios.Except(known).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no scenario {unknown}. There are {string.Join(", ", known)}.");
        if (Scenarios.Intersect(atPartOfIt).FirstOrDefault() is { } part && !Scenarios.Contains(maximum))
            throw new ArgumentException($"{part} needs {maximum}, which finds the maximum.");
    }
}

using System.Diagnostics;
using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>The contestants of a comparison on one machine, and the results so far.</summary>
internal sealed class ComparisonRun(Plan plan) : IAsyncDisposable
{
    private const int StartedAtOnce = 2; // each takes a core for seconds
    private const int WarmedAtOnce = 2;

    // After a thaw, due timers fire, and front-ends find their silos.
    private static readonly TimeSpan Waking = TimeSpan.FromSeconds(0.5);

    private readonly List<Contestant> _contestants = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Random _random = new(Plan.Seed);

    public Plan Plan => plan;

    public Results Results { get; } = new();

    public IReadOnlyList<Contestant> All => _contestants;

    public Contestant? Find(string name) => _contestants.Find(contestant => contestant.Name == name);

    /// <summary>Starts all contestants of the plan.</summary>
    public async Task StartAsync(int poolSize)
    {
        foreach (var entries in Contestants.All.Where(entry => plan.Includes(entry.Name)).Chunk(StartedAtOnce))
            _contestants.AddRange(await Task.WhenAll(entries.Select(entry => entry.StartAsync(poolSize))));
    }

    /// <summary>Lets all contestants sell until the hot path is fully compiled.</summary>
    public Task WarmAsync() =>
        Parallel.ForEachAsync(
            _contestants,
            new ParallelOptions { MaxDegreeOfParallelism = WarmedAtOnce },
            async (contestant, _) => await Sale.ClosedAsync(contestant, "warm", Plan.Crowd, plan.WarmSeconds));

    /// <summary>
    /// Measures a scenario: in each round every contestant has a turn, in another order. Does nothing when the plan
    /// excludes the scenario. All other contestants are frozen meanwhile: ten idle servers would use a fifth of two
    /// cores.
    /// </summary>
    public async Task TakeTurnsAsync(
        string scenario,
        IReadOnlyList<Contestant> contestants,
        Func<Contestant, int, Task<Dictionary<string, double>>> takeAsync)
    {
        if (!plan.Has(scenario)) return;
        try
        {
            for (var round = 1; round <= plan.Rounds; round++)
            {
                var order = contestants.ToArray();
                _random.Shuffle(order);
                foreach (var contestant in order)
                {
                    foreach (var other in _contestants.Where(other => other != contestant)) other.Freeze();
                    contestant.Thaw();
                    await Task.Delay(Waking);
                    Add(scenario, contestant, round, await takeAsync(contestant, round));
                }
            }
        }
        finally
        {
            foreach (var contestant in _contestants) contestant.Thaw(); // a frozen process could not end
        }
    }

    /// <summary>Adds the figures of a turn, and prints a line of progress.</summary>
    public void Add(string scenario, Contestant contestant, int round, Dictionary<string, double> figures)
    {
        Results.Add(new(scenario, contestant.Name, round, figures));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_clock.Elapsed:mm\\:ss} {scenario}, round {round}, {contestant.Name}: "
            + $"{figures.GetValueOrDefault(Figure.PerSecond):N0} /s, "
            + $"p99 {figures.GetValueOrDefault(Figure.P99):F1} ms, "
            + $"{figures.GetValueOrDefault(Figure.Processor):F1} µs"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var contestant in _contestants) await contestant.DisposeAsync();
    }
}

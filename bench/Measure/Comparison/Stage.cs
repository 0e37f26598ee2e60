using System.Diagnostics;
using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>The contestants that run, side by side on one machine, and what was measured so far.</summary>
internal sealed class Stage(Plan plan) : IAsyncDisposable
{
    private const int StartedAtOnce = 2; // each takes a core for seconds
    private const int WarmedAtOnce = 2;

    // Timers that were due go off, and front-ends look for their silos.
    private static readonly TimeSpan Waking = TimeSpan.FromSeconds(0.5);

    private readonly List<Contestant> _contestants = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Random _random = new(Plan.Seed);

    public Plan Plan => plan;

    public Results Results { get; } = new();

    public IReadOnlyList<Contestant> All => _contestants;

    public Contestant? Find(string name) => _contestants.Find(one => one.Name == name);

    /// <summary>Starts everybody of the plan.</summary>
    public async Task StartAsync(int poolSize)
    {
        foreach (var entries in Contestants.All.Where(entry => plan.Includes(entry.Name)).Chunk(StartedAtOnce))
            _contestants.AddRange(await Task.WhenAll(entries.Select(entry => entry.StartAsync(poolSize))));
    }

    /// <summary>Has everybody sell until the hot path is compiled for good.</summary>
    public Task WarmAsync() => Parallel.ForEachAsync(_contestants, new ParallelOptions { MaxDegreeOfParallelism = WarmedAtOnce },
        async (one, _) => await Sale.ClosedAsync(one, "warm", Plan.Crowd, plan.WarmSeconds));

    /// <summary>
    /// Round by round, everybody has a turn, in another order each time; nobody has, when the plan is without the scenario. Whoever
    /// of the plan has none stands still meanwhile: what ten idle servers do for themselves would take a fifth of two cores.
    /// </summary>
    public async Task TakeTurnsAsync(string scenario, IReadOnlyList<Contestant> contestants, Func<Contestant, int, Task<Dictionary<string, double>>> takeAsync)
    {
        if (!plan.Has(scenario)) return;
        try
        {
            for (var round = 1; round <= plan.Rounds; round++)
            {
                var order = contestants.ToArray();
                _random.Shuffle(order);
                foreach (var one in order)
                {
                    foreach (var other in _contestants.Where(other => other != one)) other.StandStill();
                    one.GoOn();
                    await Task.Delay(Waking);
                    Add(scenario, one, round, await takeAsync(one, round));
                }
            }
        }
        finally
        {
            foreach (var one in _contestants) one.GoOn(); // also in order to end
        }
    }

    /// <summary>Keeps what was measured, and says it to whoever waits.</summary>
    public void Add(string scenario, Contestant one, int round, Dictionary<string, double> figures)
    {
        Results.Add(new(scenario, one.Name, round, figures));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_clock.Elapsed:mm\\:ss} {scenario}, round {round}, {one.Name}: {figures.GetValueOrDefault(Figure.PerSecond):N0} /s, p99 {figures.GetValueOrDefault(Figure.P99):F1} ms, {figures.GetValueOrDefault(Figure.Processor):F1} µs"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _contestants) await one.DisposeAsync();
    }
}

using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// How reservations grow with silos, on a machine that has too few cores for many: each silo may use a small share of one
/// core, so that the silos are what limits, and the rest of the machine has room for everything else. Clusters of one, two
/// and four silos take turns, in front of the same crowd and of one that grows with them.
/// </summary>
internal static class ScaleOut
{
    private const int SharePercent = 10;
    private const int Events = 256;
    private const int RoundSeconds = 8;
    private const int WarmSeconds = 20; // a silo that compiles its hot path within a small share is slow for minutes
    private const int Unlimited = 100_000_000;
    private const string Name = "event-";

    private static readonly int[] Sizes = [1, 2, 4];
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(PostgresServer postgres, int rounds)
    {
        var stages = new List<Stage>();
        try
        {
            foreach (var silos in Sizes) stages.Add(await Stage.BuildAsync(postgres, silos));
            foreach (var stage in stages) stage.Confine();
            await MeasureAsync(stages, rounds);
            await AuditAsync(stages);
        }
        finally
        {
            foreach (var stage in stages) await stage.DisposeAsync();
        }
    }

    private static async Task MeasureAsync(List<Stage> stages, int rounds)
    {
        var (one, two, four) = (stages[0], stages[1], stages[2]);
        Turn[] same = [new(one, 256), new(two, 256), new(four, 256)];
        Turn[] growing = [new(one, 64), new(two, 128), same[2]];
        foreach (var turn in same) await turn.TakeAsync(2); // to get used to the share
        foreach (var turn in same) turn.Bought.Clear();
        for (var i = 0; i < rounds; i++)
        {
            foreach (var turn in same.Union(growing)) Console.WriteLine($"round {i + 1}, {turn}: {await turn.TakeAsync(RoundSeconds)}");
        }

        Console.WriteLine($"\n{SharePercent} % of a core for each silo; {Events} events\n");
        Console.WriteLine("| silos | connections | accepted | ratio to one silo | share used | cores idle | reservations an INSERT | front-end | silos | database | together, ratio to one silo |\n|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var turn in same) turn.Print(same[0]);
        foreach (var turn in growing) turn.Print(growing[0]);
    }

    private static async Task AuditAsync(List<Stage> stages)
    {
        Console.WriteLine("\n| silos | events of each | a silo without work | accepted, by wrk | in the journal | drift | other answers |\n|---|---|---|---|---|---|---|");
        foreach (var stage in stages)
        {
            var idle = await stage.IdleAsync(Quiet);
            stage.Lift();
            var drift = await stage.Crowd.DriftAsync(Name, Events);
            var sold = await stage.Crowd.SoldAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {stage.Silos} | {string.Join(", ", stage.EventsOfEach)} | {idle:P1} of a core | {stage.Crowd.Accepted} | {sold} | {drift} | {stage.Crowd.Troubled} |"));
        }
    }

    /// <summary>One cluster in front of one crowd, round by round.</summary>
    private sealed record Turn(Stage Stage, int Connections)
    {
        public List<Bought> Bought { get; } = [];

        public async Task<Bought> TakeAsync(int seconds)
        {
            Bought.Add(await Stage.Crowd.BuyAsync(new(Name, Events, Connections: Connections), seconds));
            return Bought[^1];
        }

        public void Print(Turn one)
        {
            var share = Stage.Silos * SharePercent / 100.0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Stage.Silos} | {Connections} | {Bought.Select(round => round.PerSecond).MedianAndRange("N0")} /s | {Ratio(round => round.PerSecond)} | {Median(round => round.SiloSeconds / share):P0} | {Median(round => round.IdleSeconds):F2} | {Median(round => round.Batch):F1} | {Median(round => round.FrontEnd):F0} µs | {Median(round => round.Silos):F0} µs | {Median(round => round.Database):F0} µs | {Median(round => round.Together):F0} µs, {Ratio(round => round.Together)} |"));

            double Median(Func<Bought, double> figure) => Bought.Select(figure).Median();
            string Ratio(Func<Bought, double> figure) => Bought.Zip(one.Bought, (mine, first) => figure(mine) / figure(first)).MedianAndRange();
        }

        public override string ToString() => $"{Stage.Silos} silos, {Connections} connections";
    }

    /// <summary>A cluster, and a share of a core for each of its silos.</summary>
    private sealed record Stage(CpuShare[] Shares, Crowd Crowd, int[] EventsOfEach) : IAsyncDisposable
    {
        public int Silos => Shares.Length;

        /// <summary>Opens the events and warms up, with all the processors' time that there is.</summary>
        public static async Task<Stage> BuildAsync(PostgresServer postgres, int silos)
        {
            CpuShare[] shares = [.. Enumerable.Range(0, silos).Select(_ => new CpuShare(SharePercent))]; // or fail at once
            var crowd = await Crowd.GatherAsync(postgres, silos);
            await crowd.OpenAsync(Name, Events, Unlimited);
            var owners = await crowd.Cluster.OwnersOfAsync(Enumerable.Range(1, Events).Select(i => $"{Name}{i}"));
            int[] eventsOfEach = [.. Enumerable.Range(0, silos).Select(silo => owners.Values.Count(owner => owner == silo))];
            Console.WriteLine($"{silos} silos without a limit: {await crowd.BuyAsync(new(Name, Events), WarmSeconds)}");
            return new(shares, crowd, eventsOfEach);
        }

        public void Confine()
        {
            for (var i = 0; i < Silos; i++) Shares[i].Confine(Crowd.Cluster.Silos[i].Process.Id);
        }

        public void Lift()
        {
            foreach (var share in Shares) share.Lift();
        }

        /// <summary>What each of these silos takes of a core when nobody comes.</summary>
        public async Task<double> IdleAsync(TimeSpan wait)
        {
            var silos = Crowd.Cluster.Silos.Select(one => one.Process.Id).ToList();
            var before = ProcessorTime.Of(silos);
            await Task.Delay(wait);
            return (ProcessorTime.Of(silos) - before) / wait / Silos;
        }

        public async ValueTask DisposeAsync()
        {
            await Crowd.DisposeAsync();
            foreach (var share in Shares) share.Dispose();
        }
    }
}

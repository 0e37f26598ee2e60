using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Measure;

/// <summary>
/// How reservations grow with silos, on a machine with too few cores for many: each silo may use a small share of one
/// core, so that silos are the bottleneck and the rest of the machine has capacity to spare. Clusters of one, two and
/// four silos take turns, with the same crowd and with one that grows with them.
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
        var clusters = new List<SharedCluster>();
        try
        {
            foreach (var silos in Sizes) clusters.Add(await SharedCluster.BuildAsync(postgres, silos));
            foreach (var cluster in clusters) cluster.Confine();
            await MeasureAsync(clusters, rounds);
            await AuditAsync(clusters);
        }
        finally
        {
            foreach (var cluster in clusters) await cluster.DisposeAsync();
        }
    }

    private static async Task MeasureAsync(List<SharedCluster> clusters, int rounds)
    {
        var (one, two, four) = (clusters[0], clusters[1], clusters[2]);
        Turn[] same = [new(one, 256), new(two, 256), new(four, 256)];
        Turn[] growing = [new(one, 64), new(two, 128), same[2]];
        foreach (var turn in same) await turn.TakeAsync(2); // adapts to the share
        foreach (var turn in same) turn.Bought.Clear();
        for (var i = 0; i < rounds; i++)
        {
            foreach (var turn in same.Union(growing))
                Console.WriteLine($"round {i + 1}, {turn}: {await turn.TakeAsync(RoundSeconds)}");
        }

        Console.WriteLine($"\n{SharePercent} % of a core for each silo; {Events} events\n");
        Console.WriteLine(
            "| silos | connections | accepted | ratio to one silo | share used | cores idle | reservations an INSERT "
            + "| front-end | silos | database | together, ratio to one silo |\n"
            + "|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var turn in same) turn.Print(same[0]);
        foreach (var turn in growing) turn.Print(growing[0]);
    }

    private static async Task AuditAsync(List<SharedCluster> clusters)
    {
        Console.WriteLine(
            "\n| silos | events of each | a silo without work | accepted, by wrk | in the journal | drift "
            + "| other answers |\n|---|---|---|---|---|---|---|");
        foreach (var cluster in clusters)
        {
            var idle = await cluster.IdleAsync(Quiet);
            cluster.Lift();
            var drift = await cluster.Crowd.DriftAsync(Name, Events);
            var sold = await cluster.Crowd.SoldAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {cluster.Silos} | {string.Join(", ", cluster.EventsOfEach)} | {idle:P1} of a core "
                + $"| {cluster.Crowd.Accepted} | {sold} | {drift} | {cluster.Crowd.Failed} |"));
        }
    }

    /// <summary>A cluster and a crowd, with the results of all rounds.</summary>
    private sealed record Turn(SharedCluster Cluster, int Connections)
    {
        public List<Bought> Bought { get; } = [];

        public async Task<Bought> TakeAsync(int seconds)
        {
            Bought.Add(await Cluster.Crowd.BuyAsync(new(Name, Events, Connections: Connections), seconds));
            return Bought[^1];
        }

        public void Print(Turn oneSilo)
        {
            var share = Cluster.Silos * SharePercent / 100.0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Cluster.Silos} | {Connections} "
                + $"| {Bought.Select(round => round.PerSecond).MedianAndRange("N0")} /s "
                + $"| {Ratio(round => round.PerSecond)} | {Median(round => round.SiloSeconds / share):P0} "
                + $"| {Median(round => round.IdleSeconds):F2} | {Median(round => round.Batch):F1} "
                + $"| {Median(round => round.FrontEnd):F0} µs | {Median(round => round.Silos):F0} µs "
                + $"| {Median(round => round.Database):F0} µs | {Median(round => round.Together):F0} µs, "
                + $"{Ratio(round => round.Together)} |"));

            double Median(Func<Bought, double> figure) => Bought.Select(figure).Median();
            string Ratio(Func<Bought, double> figure) =>
                Bought.Zip(oneSilo.Bought, (mine, first) => figure(mine) / figure(first)).MedianAndRange();
        }

        public override string ToString() => $"{Cluster.Silos} silos, {Connections} connections";
    }

    /// <summary>A cluster with a share of a core for each of its silos.</summary>
    private sealed record SharedCluster(CpuShare[] Shares, Crowd Crowd, int[] EventsOfEach) : IAsyncDisposable
    {
        public int Silos => Shares.Length;

        /// <summary>Opens the events and warms up without a limit.</summary>
        public static async Task<SharedCluster> BuildAsync(PostgresServer postgres, int silos)
        {
            // first: fails at once without root
            CpuShare[] shares = [.. Enumerable.Range(0, silos).Select(_ => new CpuShare(SharePercent))];
            var crowd = await Crowd.GatherAsync(postgres, silos);
            await crowd.OpenAsync(Name, Events, Unlimited);
            var owners = await crowd.Cluster.OwnersOfAsync(Enumerable.Range(1, Events).Select(i => $"{Name}{i}"));
            int[] eventsOfEach =
                [.. Enumerable.Range(0, silos).Select(silo => owners.Values.Count(owner => owner == silo))];
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

        /// <summary>The share of a core that each idle silo uses.</summary>
        public async Task<double> IdleAsync(TimeSpan wait)
        {
            var silos = Crowd.Cluster.Silos.Select(silo => silo.Process.Id).ToList();
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

using System.Diagnostics;
using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// The long run of <c>eng/chaos.sh</c>: night after night on one cluster, each with one to three concurrent faults,
/// until the time is over or a promise is broken. The seed of a night determines its faults, so that a failed night can
/// be repeated first.
/// </summary>
[Collection<Nights>]
public sealed class ChaosTests
{
    private const int FaultsMax = 3;
    private const int DelayMaxMs = 2_000;

    private static bool HasClockEachNight => Environment.GetEnvironmentVariable("BOXOFFICE_CHAOS_CLOCK") == "1";

    private static double Minutes =>
        double.Parse(
            Environment.GetEnvironmentVariable("BOXOFFICE_CHAOS_MINUTES") ?? "5", CultureInfo.InvariantCulture);

    [Fact(Explicit = true)]
    public async Task Every_promise_is_kept_on_night_after_night_of_chaos()
    {
        await using var cluster = await FaultCluster.OpenAsync(SiloNetwork.IsPossible, isLossy: true);
        IReadOnlyList<Fault> ofNetworks = cluster.Network is null ? [] : Fault.OfNetworks;
        await PlayAsync(cluster, [.. Fault.Usual, Fault.RepliesLost, .. ofNetworks]);
    }

    [Fact(Explicit = true)]
    public async Task Every_promise_is_kept_on_night_after_night_of_chaos_with_a_standby()
    {
        await using var cluster = await FaultCluster.OpenReplicatedAsync();
        await PlayAsync(cluster, [.. Fault.Usual, .. Fault.OfStandbys]);
    }

    private static async Task PlayAsync(FaultCluster cluster, Fault[] known)
    {
        Console.WriteLine($"faults: {string.Join(", ", known.Select(fault => fault.Name))}");

        var clock = Stopwatch.StartNew();
        for (var seed = Night.FirstSeed; clock.Elapsed.TotalMinutes < Minutes; seed++)
        {
            var random = new Random(seed);
            var faults = Choose(known, random);
            var delays = faults.Select(_ => random.Next(DelayMaxMs)).ToArray();
            var names = string.Join(" + ", faults.Select(fault => fault.Name));
            var title = $"{clock.Elapsed:hh\\:mm\\:ss} seed {seed}: {names}";
            try
            {
                var verdict = await Night.PlayAsync(
                    cluster,
                    night => Task.WhenAll(faults.Zip(delays, (fault, delay) => HappenAsync(fault, delay, night))),
                    seed);
                Console.WriteLine($"{title}: {verdict.Counts}, every promise was kept");
            }
            catch (Exception)
            {
                Console.WriteLine($"{title}: FAILED");
                throw;
            }
        }
    }

    /// <summary>Chooses faults that affect different parts.</summary>
    private static List<Fault> Choose(Fault[] known, Random random)
    {
        var count = random.Next(1, FaultsMax + 1);
        random.Shuffle(known = [.. known]);
        // a stable sort keeps the shuffled order within each kind
        if (HasClockEachNight) known = [.. known.OrderBy(fault => !Fault.OfClocks.Contains(fault))];
        var (chosen, touched) = (new List<Fault>(), (Parts)0);
        foreach (var fault in known)
        {
            if (chosen.Count == count) break;
            if ((touched & fault.Parts) != 0) continue;
            chosen.Add(fault);
            touched |= fault.Parts;
        }
        return chosen;
    }

    private static async Task HappenAsync(Fault fault, int delay, Night night)
    {
        await Task.Delay(delay);
        try
        {
            await fault.HappenAsync(night);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{fault.Name}: {e.Message}", e);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// The long one, for <c>eng/chaos.sh</c>: night after night on one cluster, each with one to three faults at once, until
/// the time is over or a promise is broken. The seed of a night decides its faults: a night that failed can be played first.
/// </summary>
[Collection<Nights>]
public sealed class ChaosTests
{
    private const int FaultsMax = 3;
    private const int DelayMaxMs = 2_000;

    private static bool HasClockEachNight => Environment.GetEnvironmentVariable("BOXOFFICE_CHAOS_CLOCK") == "1";

    private static double Minutes =>
        double.Parse(Environment.GetEnvironmentVariable("BOXOFFICE_CHAOS_MINUTES") ?? "5", CultureInfo.InvariantCulture);

    [Fact(Explicit = true)]
    public async Task Every_promise_is_kept_on_night_after_night_of_chaos()
    {
        await using var theatre = await Theatre.OpenAsync(SiloNetwork.IsPossible, isLossy: true);
        await PlayAsync(theatre, [.. Fault.Usual, Fault.RepliesLost, .. theatre.Network is null ? [] : Fault.OfNetworks]);
    }

    [Fact(Explicit = true)]
    public async Task Every_promise_is_kept_on_night_after_night_of_chaos_with_a_standby()
    {
        await using var theatre = await Theatre.OpenReplicatedAsync();
        await PlayAsync(theatre, [.. Fault.Usual, .. Fault.OfStandbys]);
    }

    private static async Task PlayAsync(Theatre theatre, Fault[] known)
    {
        Console.WriteLine($"faults: {string.Join(", ", known.Select(one => one.Name))}");

        var clock = Stopwatch.StartNew();
        for (var seed = Night.FirstSeed; clock.Elapsed.TotalMinutes < Minutes; seed++)
        {
            var random = new Random(seed);
            var faults = Choose(known, random);
            var delays = faults.Select(_ => random.Next(DelayMaxMs)).ToArray();
            var title = $"{clock.Elapsed:hh\\:mm\\:ss} seed {seed}: {string.Join(" + ", faults.Select(one => one.Name))}";
            try
            {
                var verdict = await Night.PlayAsync(theatre, night => Task.WhenAll(faults.Zip(delays, (fault, delay) => HappenAsync(fault, delay, night))), seed);
                Console.WriteLine($"{title}: {verdict.Counts}, every promise was kept");
            }
            catch (Exception)
            {
                Console.WriteLine($"{title}: FAILED");
                throw;
            }
        }
    }

    /// <summary>Faults that touch different parts.</summary>
    private static List<Fault> Choose(Fault[] known, Random random)
    {
        var count = random.Next(1, FaultsMax + 1);
        random.Shuffle(known = [.. known]);
        if (HasClockEachNight) known = [.. known.OrderBy(one => !Fault.OfClocks.Contains(one))]; // stable: of each kind as shuffled
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

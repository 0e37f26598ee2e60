using System.Globalization;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>
/// Hundreds of made-up nights: the audit finds nothing in honest ones, and finds what was falsified in them. A failure
/// prints its seed; <c>BOXOFFICE_SEED</c> sets the first.
/// </summary>
public sealed class SimulatedNightTests
{
    private const int NightCount = 300;
    private const int CallsPerNight = 300;

    private static readonly int FirstSeed =
        int.Parse(Environment.GetEnvironmentVariable("BOXOFFICE_SEED") ?? "20260501", CultureInfo.InvariantCulture);

    [Fact]
    public void Honest_evidence_passes()
    {
        var steps = 0;
        foreach (var seed in Enumerable.Range(FirstSeed, NightCount))
        {
            var night = SimulatedNight.Of(seed, CallsPerNight);
            var verdict = night.Verdict();
            Assert.True(verdict.IsClean, $"BOXOFFICE_SEED={seed}: {verdict}");
            steps += night.StepCount;
        }
        Assert.True(steps > NightCount / 2, $"clocks were set {steps} times only");
    }

    [Fact]
    public void A_large_night_is_audited_in_seconds()
    {
        var verdict = SimulatedNight.Of(FirstSeed, calls: 200_000, clients: 64).Verdict();

        Assert.True(verdict.IsClean, verdict.ToString());
    }

    [Fact]
    public void Lost_entries_are_found()
    {
        Falsified(Promise.NothingAcknowledgedIsLost, (night, random) =>
        {
            var told = Any(night.Operations.Where(IsSale), random);
            night.Entries.RemoveAll(entry => entry.Sequence == told?.ReservationSequence);
            return told is not null;
        });
    }

    [Fact]
    public void Effects_of_refused_calls_are_found()
    {
        Falsified(Promise.RefusedMeansNoEffect, (night, random) =>
        {
            var entry = Any(night.Entries.Where(stored => stored.Key is not null), random);
            if (entry is null) return false;
            var calls = night.Operations
                .Where(operation => (operation.Call.MemberId, operation.Call.Key) == (entry.Actor, entry.Key)).ToList();
            foreach (var one in calls)
                night.Operations[(int)one.Id - 1] = one with { Answer = new(Outcome.Refused, 503, "BUSY") };
            return true;
        });
    }

    [Fact]
    public void Refusals_long_after_their_reason_are_found()
    {
        Falsified(Promise.HonestRefusal, (night, _) =>
        {
            var later = night.Operations[^1].InvokedAt + TimeSpan.FromDays(1);
            night.Operations.Add(new(night.Operations.Count + 1, new(Verb.Reserve, "1", Ann, null, 1), later, later,
                new(Outcome.Refused, 404, "EVENT_NOT_FOUND")));
            return true;
        });
    }

    [Fact]
    public void An_order_that_was_turned_round_is_found()
    {
        Falsified(Promise.RealTimeOrder, (night, random) =>
        {
            var first = Any(night.Operations.Where(IsSale), random);
            if (first is null) return false;
            var later = night.Operations[^1].InvokedAt + TimeSpan.FromDays(1);
            var bySameMember = night.Operations.Where(operation => operation.MayHaveHappened
                && operation.Call.Verb == Verb.Reserve && operation.Call.MemberId == first.Call.MemberId);
            foreach (var same in bySameMember.ToList())
                night.Operations[(int)same.Id - 1] = same with { InvokedAt = later, CompletedAt = later };
            return night.Operations.Any(operation => IsSale(operation)
                && operation.ReservationSequence > first.ReservationSequence && operation.CompletedAt < later);
        });
    }

    private static void Falsified(Promise promise, Func<SimulatedNight, Random, bool> falsify)
    {
        var falsified = 0;
        foreach (var seed in Enumerable.Range(FirstSeed, 40))
        {
            var night = SimulatedNight.Of(seed, CallsPerNight);
            if (!falsify(night, new(seed))) continue;
            falsified++;
            Assert.True(night.Verdict().Broken.Contains(promise), $"BOXOFFICE_SEED={seed}: {night.Verdict()}");
        }
        Assert.True(falsified >= 5, $"only {falsified} nights could be falsified");
    }

    private static T? Any<T>(IEnumerable<T> all, Random random) where T : class
    {
        var list = all.ToList();
        return list.Count == 0 ? null : list[random.Next(list.Count)];
    }

    private static bool IsSale(Operation operation) => operation.IsOk && operation.Call.Verb == Verb.Reserve;
}

using System.Runtime.InteropServices;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// Were the numbers that somebody was shown true at a moment in [sent − slack, answered]? And does the version tell: one
/// version has one set of numbers, and whoever looks later (by more than the slack) never sees an older one.
/// </summary>
internal sealed class NumbersAudit
{
    private readonly Dictionary<(int Available, int Held, int Confirmed), LatestSearch> _stands = [];
    private readonly Recount _recount;
    private readonly Timeline _timeline;
    private readonly Findings _findings;

    public NumbersAudit(Recount recount, Timeline timeline, Findings findings)
    {
        (_recount, _timeline, _findings) = (recount, timeline, findings);
        for (var k = 0; k < recount.Stands.Length; k++)
        {
            var stand = recount.Stands[k];
            ref var search = ref CollectionsMarshal.GetValueRefOrAddDefault(
                _stands, (stand.Available, stand.Held, stand.Confirmed), out _);
            (search ??= new()).Add(k, timeline.Ends[k]);
        }
    }

    /// <summary>Judges all status calls, given in the order of sending.</summary>
    public void Check(IReadOnlyList<Operation> statuses)
    {
        var shown = statuses.Where(one => one.IsOk).ToList();
        foreach (var operation in shown) CheckTrue(operation);
        CheckVersions(shown);
    }

    private void CheckTrue(Operation operation)
    {
        var told = operation.Answer!.Numbers!;
        var (first, last) = _timeline.StandsSeenBy(operation);
        var isTrue = _stands.TryGetValue((told.Available, told.Held, told.Confirmed), out var search)
            && search.AnyLasts(first, last, _timeline.From(operation));
        _findings.Require(isTrue, Promise.HonestNumbers, operation,
            $"was shown {told}; after {first} entries it was {Text(first)}, after {last} entries {Text(last)}");
    }

    private string Text(int stand) =>
        $"{_recount.Stands[stand].Available} / {_recount.Stands[stand].Held} / {_recount.Stands[stand].Confirmed}";

    private void CheckVersions(List<Operation> shown)
    {
        var numbersOf = new Dictionary<long, ToldNumbers>();
        var byAnswer = shown.OrderBy(one => one.CompletedAt).ToList();
        var (answered, newest) = (0, long.MinValue);
        foreach (var operation in shown)
        {
            var told = operation.Answer!.Numbers!;
            for (; byAnswer[answered].CompletedAt < _timeline.From(operation); answered++)
                newest = Math.Max(newest, byAnswer[answered].Answer!.Numbers!.Version);
            _findings.Require(told.Version >= newest, Promise.HonestNumbers, operation,
                $"was shown version {told.Version} when version {newest} had been shown before");
            if (!numbersOf.TryAdd(told.Version, told))
                _findings.Require(numbersOf[told.Version] == told, Promise.HonestNumbers, operation, $"one version has two sets of numbers");
        }
    }
}

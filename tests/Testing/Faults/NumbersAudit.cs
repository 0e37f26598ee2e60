using System.Runtime.InteropServices;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// Checks reported numbers: they were true at a moment in [sent − slack, answered]. One version has one set of numbers,
/// and a call that is later by more than the slack never gets an older version.
/// </summary>
internal sealed class NumbersAudit
{
    private readonly Dictionary<(int Available, int Held, int Confirmed), LatestSearch> _states = [];
    private readonly Recount _recount;
    private readonly Timeline _timeline;
    private readonly Findings _findings;

    public NumbersAudit(Recount recount, Timeline timeline, Findings findings)
    {
        (_recount, _timeline, _findings) = (recount, timeline, findings);
        for (var k = 0; k < recount.States.Length; k++)
        {
            var state = recount.States[k];
            ref var search = ref CollectionsMarshal.GetValueRefOrAddDefault(
                _states, (state.Available, state.Held, state.Confirmed), out _);
            (search ??= new()).Add(k, timeline.Ends[k]);
        }
    }

    /// <summary>Checks all status calls, given in the order of sending.</summary>
    public void Check(IReadOnlyList<Operation> statuses)
    {
        var shown = statuses.Where(status => status.IsOk).ToList();
        foreach (var operation in shown) CheckTrue(operation);
        CheckVersions(shown);
    }

    private void CheckTrue(Operation operation)
    {
        var told = operation.Answer!.Numbers!;
        var (first, last) = _timeline.StatesSeenBy(operation);
        var isTrue = _states.TryGetValue((told.Available, told.Held, told.Confirmed), out var search)
            && search.AnyLasts(first, last, _timeline.From(operation));
        _findings.Require(isTrue, Promise.HonestNumbers, operation,
            $"was shown {told}; after {first} entries it was {Text(first)}, after {last} entries {Text(last)}");
    }

    private string Text(int state) =>
        $"{_recount.States[state].Available} / {_recount.States[state].Held} / {_recount.States[state].Confirmed}";

    private void CheckVersions(List<Operation> shown)
    {
        var numbersOf = new Dictionary<long, ReportedNumbers>();
        var byAnswer = shown.OrderBy(status => status.CompletedAt).ToList();
        var (answered, newest) = (0, long.MinValue);
        foreach (var operation in shown)
        {
            var told = operation.Answer!.Numbers!;
            for (; byAnswer[answered].CompletedAt < _timeline.From(operation); answered++)
                newest = Math.Max(newest, byAnswer[answered].Answer!.Numbers!.Version);
            _findings.Require(told.Version >= newest, Promise.HonestNumbers, operation,
                $"was shown version {told.Version} when version {newest} had been shown before");
            if (!numbersOf.TryAdd(told.Version, told))
            {
                _findings.Require(numbersOf[told.Version] == told, Promise.HonestNumbers, operation,
                    $"one version has two sets of numbers");
            }
        }
    }
}

using System.Runtime.InteropServices;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// Checks that the reason of a refusal was true at a moment in [sent − slack, answered]. Covers SOLD_OUT, ALL_HELD,
/// INSUFFICIENT, LIMIT_EXCEEDED, PAUSED and EVENT_NOT_FOUND, and not the bounds of a sale window.
/// </summary>
/// <remarks>
/// A refusal whose reason was true at no moment of the whole journal is always found, for any clocks: SOLD_OUT is false
/// when tickets were left from the first entry to the last. A refusal at the wrong moment is found as far as
/// <see cref="Timeline"/> bounds the moments. Each refusal is checked alone.
/// </remarks>
internal sealed class RefusalAudit
{
    private readonly Dictionary<(string Code, int Available), LatestSearch> _reasons = [];
    private readonly Recount _recount;
    private readonly Timeline _timeline;
    private readonly Findings _findings;

    public RefusalAudit(Recount recount, Timeline timeline, Findings findings)
    {
        (_recount, _timeline, _findings) = (recount, timeline, findings);
        for (var k = 0; k < recount.States.Length; k++) AddReasons(k, recount.States[k]);
    }

    /// <summary>Checks one refused reserve call.</summary>
    public void Check(Operation operation)
    {
        var holds = operation.Answer!.Code switch
        {
            "INSUFFICIENT" => WasInsufficient(operation),
            "LIMIT_EXCEEDED" => WasLimited(operation),
            "SOLD_OUT" or "ALL_HELD" or "PAUSED" or "EVENT_NOT_FOUND" => Held(operation, operation.Answer.Code),
            _ => true,
        };
        if (holds) return;
        var (first, last) = _timeline.StatesSeenBy(operation);
        _findings.Add(Promise.HonestRefusal, operation,
            $"the reason was true at no moment that it can have seen (entries {Sequence(first)} to {Sequence(last)}; "
            + $"available was {Available(first)} after the first and {Available(last)} after the last)");
    }

    private long Sequence(int state) => state == 0 ? 0 : _recount.Entries[state - 1].Sequence;

    private int Available(int state) => _recount.States[state].Available;

    private void AddReasons(int k, EventState state)
    {
        if (state.Terms is null) Add("EVENT_NOT_FOUND");
        else if (state.Available > 0) Add("INSUFFICIENT", state.Available);
        else Add(state.Held > 0 ? "ALL_HELD" : "SOLD_OUT");
        if (state.IsPaused) Add("PAUSED");

        void Add(string code, int available = 0)
        {
            ref var search = ref CollectionsMarshal.GetValueRefOrAddDefault(_reasons, (code, available), out _);
            (search ??= new()).Add(k, _timeline.Ends[k]);
        }
    }

    private bool Held(Operation operation, string code, int available = 0)
    {
        var (first, last) = _timeline.StatesSeenBy(operation);
        return _reasons.TryGetValue((code, available), out var search)
            && search.AnyLasts(first, last, _timeline.From(operation));
    }

    private bool WasInsufficient(Operation operation)
    {
        if (operation.Answer!.Available is { } told)
            return told > 0 && told < operation.Call.Quantity && Held(operation, "INSUFFICIENT", told);
        return Enumerable.Range(1, operation.Call.Quantity - 1)
            .Any(available => Held(operation, "INSUFFICIENT", available));
    }

    /// <summary>
    /// Tolerant: any limit that was in force meanwhile counts, and a hold counts until its expiry is in the journal.
    /// </summary>
    private bool WasLimited(Operation operation)
    {
        var (first, last) = _timeline.StatesSeenBy(operation);
        var limit = _recount.LimitMin(first, last);
        if (operation.Call.Quantity > limit) return true;
        var changes = _recount.UsedBy.GetValueOrDefault(operation.Call.MemberId) ?? [];
        // no exact match: the change before it was in force at first
        var place = changes.BinarySearch((first, int.MaxValue));
        for (var i = Math.Max(0, ~place - 1); i < changes.Count && changes[i].From <= last; i++)
        {
            if (changes[i].Used + operation.Call.Quantity > limit) return true;
        }
        return false;
    }
}

namespace BoxOffice.Testing.Faults;

/// <summary>
/// Bounds the time of each state of the event. State k begins when entry k is decided: after each call was sent that
/// may have caused one of the entries 1..k, and after the journal's times of these (less the tolerance). It ends before
/// an answer reports entry k+1 or a later one, and when its first hold ends (plus the tolerance).
/// </summary>
/// <remarks>
/// All bounds are tolerant: the true time of every state lies within them, so a true answer is never reported as false.
/// A false answer may pass while the bounds are wide: when no answer reported an entry for long, or when several
/// answers need moments that exclude each other. The journal's time of an entry is when it was decided, and not when it
/// was stored, which a frozen owner may do much later. So it bounds the beginning of a state, and never its end.
/// </remarks>
internal sealed class Timeline
{
    private readonly TimeSpan[] _begins;
    private readonly TimeSpan[] _overs;
    private readonly TimeSpan _slack;

    public Timeline(Recount recount, Causes causes, History history, AuditOptions options)
    {
        _slack = options.Slack;
        var count = recount.Entries.Count;
        _overs = new TimeSpan[count + 1];
        _overs[count] = TimeSpan.MaxValue;
        for (var k = count - 1; k >= 0; k--)
            _overs[k] = Earlier(_overs[k + 1], causes.FirstTold[k]?.CompletedAt ?? TimeSpan.MaxValue);

        _begins = new TimeSpan[count + 1];
        _begins[0] = TimeSpan.MinValue;
        for (var k = 1; k <= count; k++)
        {
            var begin = Later(_begins[k - 1], causes.FirstSent[k - 1]?.InvokedAt ?? TimeSpan.MinValue);
            if (options.ClockTolerance is { } early)
                begin = Later(begin, recount.Entries[k - 1].DecidedAt - history.StartedAt - early);
            // A silo's fast clock must not move an entry behind the answer that reported it.
            _begins[k] = Earlier(begin, _overs[k - 1]);
        }

        Ends = new TimeSpan[count + 1];
        for (var k = 0; k <= count; k++)
        {
            Ends[k] = _overs[k];
            if (options.ClockTolerance is { } late && recount.States[k].FirstExpiry is { } expiry)
                Ends[k] = Earlier(Ends[k], expiry - history.StartedAt + late);
        }
    }

    /// <summary>The latest end of each state.</summary>
    public TimeSpan[] Ends { get; }

    /// <summary>The earliest moment whose state an answer to this call may reflect.</summary>
    public TimeSpan From(Operation operation) => operation.InvokedAt - _slack;

    /// <summary>
    /// The first and last state that an answer to this call may reflect, as far as calls bound them.
    /// </summary>
    public (int First, int Last) StatesSeenBy(Operation operation)
    {
        var first = Lowest(_overs, over => over >= From(operation));
        var last = Lowest(_begins, begin => begin > (operation.CompletedAt ?? TimeSpan.MaxValue)) - 1;
        return (first, last);
    }

    /// <summary>The first index at which the condition is true. From there on it must stay true.</summary>
    private static int Lowest(TimeSpan[] moments, Predicate<TimeSpan> isTrue)
    {
        var (low, high) = (0, moments.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (isTrue(moments[middle])) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    private static TimeSpan Earlier(TimeSpan first, TimeSpan second) => first < second ? first : second;

    private static TimeSpan Later(TimeSpan first, TimeSpan second) => first > second ? first : second;
}

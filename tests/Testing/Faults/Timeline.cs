namespace BoxOffice.Testing.Faults;

/// <summary>
/// When the event may have stood where. Stand k began when entry k was decided: not before any call that may have caused one
/// of the entries 1..k was sent, nor before the time that the journal gives them (less the tolerance). It was over when
/// somebody was told of entry k+1 or a later one, and when its first hold ended (plus the tolerance).
/// </summary>
/// <remarks>
/// All bounds are generous: the true time of every stand lies within them. So nothing that is true is ever called false.
/// What is false may pass while the bounds are wide: when nobody was told of an entry for long, or when different answers
/// need different moments that cannot all be. The journal's time of an entry is when it was decided, not when it was
/// stored, which a frozen owner may do much later; so it bounds a stand's beginning and never its end.
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
            if (options.ClockTolerance is { } early) begin = Later(begin, recount.Entries[k - 1].DecidedAt - history.StartedAt - early);
            // A silo's clock that is too fast must not make an entry later than the answer that told of it.
            _begins[k] = Earlier(begin, _overs[k - 1]);
        }

        Ends = new TimeSpan[count + 1];
        for (var k = 0; k <= count; k++)
        {
            Ends[k] = _overs[k];
            if (options.ClockTolerance is { } late && recount.Stands[k].FirstExpiry is { } expiry)
                Ends[k] = Earlier(Ends[k], expiry - history.StartedAt + late);
        }
    }

    /// <summary>Until when each stand may have lasted.</summary>
    public TimeSpan[] Ends { get; }

    /// <summary>The earliest moment on which an answer to this call may rest.</summary>
    public TimeSpan From(Operation operation) => operation.InvokedAt - _slack;

    /// <summary>The stands, from first to last, that an answer to this call may rest on, as far as calls bound them.</summary>
    public (int First, int Last) StandsSeenBy(Operation operation)
    {
        var first = Lowest(_overs, over => over >= From(operation));
        var last = Lowest(_begins, begin => begin > (operation.CompletedAt ?? TimeSpan.MaxValue)) - 1;
        return (first, last);
    }

    /// <summary>The first index for which it is true, when it stays true from there on.</summary>
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

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

namespace BoxOffice.Api.Rehearsal;

/// <summary>How a buyer's attempt to buy ended.</summary>
internal enum BuyerEnd
{
    /// <summary>With tickets.</summary>
    Accepted,

    /// <summary>With a refusal that is final.</summary>
    Refused,

    /// <summary>With the end of the patience, after answers that asked for a retry.</summary>
    GaveUp,

    /// <summary>With the end of the patience, without any answer.</summary>
    Failed,
}

/// <summary>
/// Counts what a crowd sees, from many threads at once. Times are seconds since the first buyer came.
/// </summary>
internal sealed class CrowdTally(int buyers)
{
    private readonly Lock _gate = new();
    private readonly List<Second> _seconds = [];
    private readonly int[] _ends = new int[Enum.GetValues<BuyerEnd>().Length];
    private readonly Dictionary<string, int> _refused = [];
    private readonly Dictionary<string, int> _repeated = [];
    private readonly long[] _acknowledged = new long[buyers];
    private readonly DurationHistogram _accepted = new(DurationTally.Classes);
    private readonly DurationHistogram _refusals = new(DurationTally.Classes);
    private readonly DurationHistogram _calls = new(DurationTally.Classes);
    private readonly DurationHistogram _late = new(DurationTally.Classes);
    private int _arrived;
    private int _noAnswer;
    private int _broken;
    private int _unknown;
    private double _lastAcceptedAt;
    private double _lastAnswerAt;

    /// <summary>A buyer came.</summary>
    public void Arrived(double at)
    {
        lock (_gate)
        {
            _arrived++;
            SecondOf(at).Arrived++;
        }
    }

    /// <summary>A reserve call was answered.</summary>
    /// <param name="time">Since it was due.</param>
    /// <param name="late">The part of it that had passed when the call was sent.</param>
    public void Answered(TimeSpan time, TimeSpan late)
    {
        lock (_gate)
        {
            _calls.Add(Microseconds(time));
            _late.Add(Microseconds(late));
        }
    }

    /// <summary>An answer asked for a retry.</summary>
    public void Repeated(string code)
    {
        lock (_gate) _repeated[code] = _repeated.GetValueOrDefault(code) + 1;
    }

    /// <summary>A call had no answer.</summary>
    /// <param name="isBroken">
    /// The connection was refused, broke or could not be made; else the answer was too late.
    /// </param>
    public void Unanswered(bool isBroken)
    {
        lock (_gate)
        {
            _noAnswer++;
            if (isBroken) _broken++;
        }
    }

    /// <summary>A buyer has tickets.</summary>
    public void Accept(int buyer, long sequence, double at, TimeSpan time)
    {
        lock (_gate)
        {
            _acknowledged[buyer] = sequence;
            _accepted.Add(Microseconds(time));
            _lastAcceptedAt = Math.Max(_lastAcceptedAt, at);
            End(BuyerEnd.Accepted, at).Times.Add(Microseconds(time));
        }
    }

    /// <summary>A buyer was refused.</summary>
    public void Refuse(string code, double at, TimeSpan time)
    {
        lock (_gate)
        {
            _refused[code] = _refused.GetValueOrDefault(code) + 1;
            _refusals.Add(Microseconds(time));
            End(BuyerEnd.Refused, at).Times.Add(Microseconds(time));
        }
    }

    /// <summary>A buyer's patience ended.</summary>
    /// <param name="end">Gave up or failed.</param>
    /// <param name="isInDoubt">The buyer may have tickets.</param>
    /// <param name="at">When.</param>
    public void Leave(BuyerEnd end, bool isInDoubt, double at)
    {
        lock (_gate)
        {
            if (isInDoubt) _unknown++;
            End(end, at);
        }
    }

    /// <summary>The buyers' progress.</summary>
    public RehearsalProgress Progress(double seconds)
    {
        lock (_gate)
        {
            return new(Math.Round(seconds, 1), _arrived, _ends[(int)BuyerEnd.Accepted], _ends[(int)BuyerEnd.Refused],
                _ends[(int)BuyerEnd.GaveUp], _ends[(int)BuyerEnd.Failed], _arrived - _ends.Sum(), Available: 0);
        }
    }

    /// <summary>The outcomes of all buyers.</summary>
    public CrowdResult Result()
    {
        lock (_gate)
        {
            return new(
                _ends[(int)BuyerEnd.Accepted], _refused, _ends[(int)BuyerEnd.GaveUp], _ends[(int)BuyerEnd.Failed],
                _repeated, _noAnswer, _broken, _unknown, _lastAcceptedAt, _lastAnswerAt, DurationTally.Of(_accepted),
                DurationTally.Of(_refusals), DurationTally.Of(_calls), DurationTally.Of(_late),
                [.. _seconds.Select(second => second.Read())],
                _acknowledged);
        }
    }

    private Second End(BuyerEnd end, double at)
    {
        _ends[(int)end]++;
        _lastAnswerAt = Math.Max(_lastAnswerAt, at);
        var second = SecondOf(at);
        if (end == BuyerEnd.Accepted) second.Accepted++;
        else if (end == BuyerEnd.Refused) second.Refused++;
        else second.Failed++;
        return second;
    }

    private Second SecondOf(double at)
    {
        while (_seconds.Count <= (int)at) _seconds.Add(new());
        return _seconds[(int)at];
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed class Second
    {
        public int Arrived;
        public int Accepted;
        public int Refused;
        public int Failed;
        public readonly DurationHistogram Times = new(DurationTally.Classes);

        public CrowdSecond Read() => new(Arrived, Accepted, Refused, Failed, DurationTally.Of(Times));
    }
}

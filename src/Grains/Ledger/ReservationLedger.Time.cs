namespace BoxOffice.Grains.Ledger;

/// <summary>The event's time: it never goes back, and holds expire by comparing moments.</summary>
public sealed partial class ReservationLedger
{
    /// <summary>
    /// By how much the event's time is ahead of the clock, when that is more than <see cref="ClockAheadMax"/>; else
    /// null. As of the last call.
    /// </summary>
    public TimeSpan? ClockAhead => _ahead > TimeSpan.Zero ? _ahead : null;

    /// <summary>Expires every hold that is due.</summary>
    public void ExpireDue(DateTimeOffset now) => Advance(now);

    /// <summary>When the next live hold ends, by the event's time; null when there is none.</summary>
    public DateTimeOffset? NextExpiry
    {
        get
        {
            while (_holds.TryPeek(out var at, out var due))
            {
                if (_bookings[at].State == ReservationState.Held) return due.ExpiresAt;
                _holds.Dequeue();
            }
            return null;
        }
    }

    /// <summary>
    /// The moment of a decision: never before the last one, and in microseconds, as the journal stores it.
    /// </summary>
    private DateTimeOffset Moment(DateTimeOffset now)
    {
        var behind = LastDecidedAt - now;
        if (Held == 0 || behind > _ahead) _ahead = behind > ClockAheadMax ? InMicroseconds(behind) : TimeSpan.Zero;
        now += _ahead;
        return InMicroseconds(now > LastDecidedAt ? now : LastDecidedAt);
    }

    /// <summary>What the clock shows at a moment of the event's time.</summary>
    private DateTimeOffset Clock(DateTimeOffset moment) => moment - _ahead;

    /// <summary>
    /// Advances time before any decision: a hold is over when <c>now >= expiresAt</c>, and is then recorded as expired.
    /// </summary>
    private DateTimeOffset Advance(DateTimeOffset now)
    {
        now = Moment(now);
        while (NextExpiry <= now) RecordAbout(_holds.Dequeue(), EntryKind.Expired, now);
        return now;
    }

    private static DateTimeOffset InMicroseconds(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static TimeSpan InMicroseconds(TimeSpan time) =>
        new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static EventTerms InMicroseconds(EventTerms terms) => terms with
    {
        OpensAt = terms.OpensAt is { } opensAt ? InMicroseconds(opensAt) : null,
        ClosesAt = terms.ClosesAt is { } closesAt ? InMicroseconds(closesAt) : null,
    };

    private static DateTimeOffset FromTicks(long ticks) => new(ticks, TimeSpan.Zero);
}

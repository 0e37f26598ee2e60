using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Grains.Events;

/// <summary>
/// What happens without a call: expiry of holds, the member index, snapshots; and the report of a wrong clock.
/// </summary>
public sealed partial class TicketEventGrain
{
    private static readonly TimeSpan TimerMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1); // a timer cannot be set further than some weeks

    private IGrainTimer? _expiryTimer;
    private DateTimeOffset? _timerDueAt;
    private IGrainTimer? _indexTimer;
    private bool _isIndexDue;
    private bool _isAhead;

    /// <summary>
    /// Wakes the event when its next hold ends. Expiry does not depend on it, for every decision compares times; it
    /// makes an expiry visible soon after it happened.
    /// </summary>
    private void ArmExpiryTimer()
    {
        if (_commit.Ended is not null || _ledger.NextExpiry is not { } expiry) return;
        var dueAt = expiry - (_ledger.ClockAhead ?? TimeSpan.Zero); // by the clock
        if (dueAt == _timerDueAt) return;
        _timerDueAt = dueAt;
        var wait = dueAt - Now;
        wait = wait < TimerMin ? TimerMin : wait > TimerMax ? TimerMax : wait;
        if (_expiryTimer is { } timer) timer.Change(wait, Timeout.InfiniteTimeSpan);
        else _expiryTimer = this.RegisterGrainTimer(ExpireDueAsync, OnceAfter(wait, keepAlive: true));
    }

    private Task ExpireDueAsync(CancellationToken stop)
    {
        _timerDueAt = null;
        return DecideAsync(validUntil: null, () => { _ledger.ExpireDue(Now); return true; }, calls: 0);
    }

    private void ArmIndexTimer()
    {
        if (_isIndexDue || _commit.Ended is not null || _memberIndex is not { IsBehind: true }) return;
        _isIndexDue = true;
        if (_indexTimer is { } timer) timer.Change(MemberIndexSchedule.Period, Timeout.InfiniteTimeSpan);
        else _indexTimer = this.RegisterGrainTimer(
            IndexMembersAsync, OnceAfter(MemberIndexSchedule.Period, keepAlive: false));
    }

    private Task IndexMembersAsync(CancellationToken stop)
    {
        _memberIndex?.CatchUp();
        _storage.SnapshotTaker?.Take(EventId, _commit.DurableSequence);
        _isIndexDue = false;
        ArmIndexTimer();
        return Task.CompletedTask;
    }

    /// <summary>Reports once that the journal ends in the future, and once that it no longer does.</summary>
    private void ReportClock()
    {
        if (_ledger.ClockAhead is not null == _isAhead) return;
        _isAhead = !_isAhead;
        SaleMetrics.IsAhead(_isAhead ? 1 : -1);
        if (_ledger.ClockAhead is { } ahead) logger.Ahead(EventId, ahead);
        else logger.NotAhead(EventId);
    }

    private static GrainTimerCreationOptions OnceAfter(TimeSpan wait, bool keepAlive) =>
        new() { DueTime = wait, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = keepAlive };
}

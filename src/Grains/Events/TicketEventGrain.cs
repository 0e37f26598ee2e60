using BoxOffice.Grains.Clocks;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Members;
using BoxOffice.Grains.Snapshots;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace BoxOffice.Grains.Events;

/// <summary>
/// The door of one event. Decides in memory, answers when durable: the ledger decides a whole batch of calls in one turn,
/// the decisions gather while the batch before is written, and every answer waits until the head it saw is committed.
/// </summary>
/// <remarks>
/// Reentrant, so that calls are decided while a batch is written; no method awaits between reading and changing the ledger.
/// One batch is in flight at a time (<see cref="GroupCommit"/>): together with contiguous sequences that is the fence
/// against a second owner.
/// Placed at random: events are opened long before the crowd comes, and stay where they are; placed by the silos' load or number of
/// events in that moment, 256 events came to lie as unevenly as 217 and 39.
/// The Orleans Dashboard profiles its calls, which is little: the front-end joins what waits.
/// </remarks>
[Reentrant, Immovable, RandomPlacement, GrainType(TicketEvents.GrainTypeName)]
public sealed partial class TicketEventGrain(
    IEventJournal journal,
    IRehearsalJournal rehearsals,
    ILedgerSnapshots stored,
    IOptions<BoxOfficeOptions> options,
    MemberIndexer gatherer,
    SnapshotTaker snapshots,
    ReplayGate gate,
    KnownHeads known,
    TimeProvider time,
    ILogger<TicketEventGrain> logger,
    SaleClock? clock = null) : Grain, ITicketEventGrain, IBatchedEventGrain, IDisposable
{
    private static readonly TimeSpan ReplayRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BrokenKept = TimeSpan.FromSeconds(30); // then the journal is looked at again
    private static readonly TimeSpan UnknownEventKept = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TimerMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(1); // a timer cannot be set further than some weeks

    // Calls that come while the event is brought back wait for it this long; then they are told to come again, by which time their
    // front-end has perhaps tried another way. Most events are back within some milliseconds.
    private static readonly TimeSpan ReplayPatience = TimeSpan.FromSeconds(1);

    // Orleans ends an activation that nobody called for a while; one that is brought back is kept longer than any replay takes.
    private static readonly TimeSpan ReplayKept = TimeSpan.FromDays(1);

    private readonly BoxOfficeOptions _options = options.Value;
    private readonly CancellationTokenSource _stop = new();
    private ReservationLedger _ledger = new();
    private EventReplay _replay = null!;
    private Task _replayed = Task.CompletedTask;
    private GroupCommit _head = null!;
    private MemberIndexSchedule _memberIndex = null!;
    private IGrainTimer? _expiryTimer;
    private DateTimeOffset? _timerDueAt;
    private IGrainTimer? _indexTimer;
    private bool _isIndexDue;
    private string? _brokenRule; // why the journal cannot be replayed; null when it can
    private bool _isAhead;

    private string EventId => this.GetPrimaryKeyString();

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>
    /// Begins to bring the event back, and does not wait for it: Orleans ends an activation that takes longer than 30 s, and the next one
    /// would begin anew, for ever.
    /// </summary>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        SetLedger(_ledger);
        SaleMetrics.Activated(1);
        DelayDeactivation(ReplayKept);
        _replay = new(EventId, journal, stored, gate, _options, time, logger);
        _replayed = Replay();
        return Task.CompletedTask;
    }

    /// <summary>Never fails: when the journal cannot be read, the activation answers "not applied" and goes.</summary>
    private async Task Replay()
    {
        try
        {
            var ledger = await _replay.RunAsync(_stop.Token);
            _stop.Token.ThrowIfCancellationRequested();
            SetLedger(ledger);
            _head.Begin(_replay.SeenAt);
            _memberIndex.Begin();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _head.End(AppendStatus.NotApplied);
            return;
        }
        catch (Exception e)
        {
            // Refusing call by call, and not by a failed activation, lets callers know for sure that nothing was done.
            if (e is LedgerBrokenException)
            {
                SetLedger(_replay.Ledger);
                _brokenRule = e.Message;
                SaleMetrics.Failed(EventFailure.Unreadable);
                LogUnreadable(EventId, _ledger.HeadSequence, e.Message);
            }
            else LogNotReplayed(e, EventId);
            _head.End(AppendStatus.NotApplied);
            EndAfter(_brokenRule is null ? ReplayRetry : BrokenKept);
            return;
        }
        finally
        {
            DelayDeactivation(TimeSpan.FromTicks(-1)); // a negative time takes the delay back
        }
        snapshots.Take(EventId, _head.DurableSequence);
        // Made-up ids do not stay in memory, yet a crowd that asks for one is answered from here and not from the database.
        if (_ledger.Terms is null) EndAfter(UnknownEventKept);
        ArmExpiryTimer();
        ArmIndexTimer();
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void SetLedger(ReservationLedger ledger)
    {
        _ledger = ledger;
        _head = new(EventId, ledger, journal, known, _options, time, logger);
        _memberIndex = new(EventId, _head, gatherer);
    }

    /// <summary>Waits until the event is back, which it usually is.</summary>
    private async ValueTask Replayed(bool isToSell)
    {
        if (_replayed.IsCompleted) return;
        if (isToSell) _replay.IsAskedToSell();
        try
        {
            await _replayed.WaitAsync(ReplayPatience, time);
        }
        catch (TimeoutException)
        {
            throw new NotAppliedException("The event is being brought back from its journal.");
        }
    }

    /// <summary>Lets the batch in flight end, so that its callers get the answer.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        SaleMetrics.Activated(-1);
        if (_isAhead) SaleMetrics.IsAhead(-1);
        await _stop.CancelAsync();
        try
        {
            await _head.Flushed.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Orleans gives up waiting: whoever still waits gets its "unknown", and the journal knows.
        }
    }

    /// <inheritdoc/>
    public Task<EventResult> Open(EventTerms terms, string actor, DateTimeOffset? validUntil) =>
        Decide(validUntil, () => ResultOf(_ledger.Open(terms, actor, Now), terms));

    /// <inheritdoc/>
    public Task<EventResult> Change(TermsChange change, string actor, DateTimeOffset? validUntil) =>
        Decide(validUntil, () => ResultOf(_ledger.Change(change, actor, Now), _ledger.Terms is { } terms ? change.ApplyTo(terms) : null));

    /// <inheritdoc/>
    public Task<EventResult> Pause(string actor, DateTimeOffset? validUntil) =>
        Decide(validUntil, () => ResultOf(_ledger.Pause(actor, Now)));

    /// <inheritdoc/>
    public Task<EventResult> Resume(string actor, DateTimeOffset? validUntil) =>
        Decide(validUntil, () => ResultOf(_ledger.Resume(actor, Now)));

    /// <inheritdoc/>
    public Task<EventStatus?> Status() => Look(StatusNow);

    /// <inheritdoc/>
    public async Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil)
    {
        var (begunAt, decidedAt) = (time.GetTimestamp(), 0L);
        var results = await Decide(validUntil, () =>
        {
            var decided = ReserveAll(requests);
            decidedAt = time.GetTimestamp();
            return decided;
        }, requests.Length);
        return results with { Turn = time.GetElapsedTime(begunAt, decidedAt), Store = time.GetElapsedTime(decidedAt) };
    }

    /// <inheritdoc/>
    public Task<SoldOutNotice?> SoldOut() => Look(() => _ledger.SoldOut(Now));

    /// <inheritdoc/>
    public Task<ReservationResult> Confirm(string memberId, long sequence, DateTimeOffset? validUntil) =>
        Decide(validUntil, () => _ledger.Confirm(memberId, sequence, Now));

    /// <inheritdoc/>
    public Task<ReservationResult> Cancel(string memberId, long sequence, DateTimeOffset? validUntil) =>
        Decide(validUntil, () => _ledger.Cancel(memberId, sequence, Now));

    /// <inheritdoc/>
    public Task<ReservationResult> Find(string memberId, long sequence, DateTimeOffset? validUntil) =>
        Decide(validUntil, () => _ledger.Find(memberId, sequence, Now));

    /// <inheritdoc/>
    public Task<Reservation[]> ReservationsOf(string memberId, int countMax, DateTimeOffset? validUntil) =>
        Decide(validUntil, () => _ledger.ReservationsOf(memberId, countMax, Now));

    /// <inheritdoc/>
    public Task<ExportedReservation[]> Export(long after, int countMax) => Look(() => _ledger.Export(after, countMax, Now));

    /// <inheritdoc/>
    public async Task<RepairResult> Repair(long upTo, string actor, DateTimeOffset? validUntil)
    {
        await Replayed(isToSell: true);
        RequireInTime(validUntil);
        if (_brokenRule is null)
            return new(await Look(() => _ledger.Terms is null ? RepairStatus.EventNotFound : RepairStatus.NotBroken), _ledger.HeadSequence);
        if (upTo != _ledger.HeadSequence) return new(RepairStatus.OtherEntry, _ledger.HeadSequence);

        var count = await journal.SetAsideAsync(EventId, upTo, _replay.Head, actor);
        Leave();
        if (count < 0) throw new NotAppliedException("The journal is not the one that this owner read.");
        known.Forget(EventId);
        LogRepaired(EventId, actor, count, upTo);
        return new(RepairStatus.Done, upTo, count);
    }

    /// <inheritdoc/>
    public async Task Discard()
    {
        if (!RehearsalCopy.Is(EventId)) throw new InvalidOperationException("Only what was rehearsed is taken away.");
        await Replayed(isToSell: false);
        await _head.Retire(); // after the last entry that it may write
        await rehearsals.DeleteRehearsalCopyAsync(EventId);
        Leave();
    }

    private ReserveResults ReserveAll(ReserveRequest[] requests)
    {
        var now = Now;
        var results = new ReserveResult[requests.Length];
        for (var i = 0; i < requests.Length; i++) results[i] = _ledger.Reserve(requests[i], now);
        return new(results, _options.Gateway, _ledger.IsSoldOut(now) ? _ledger.HeadSequence : 0);
    }

    private EventResult ResultOf(EventResultStatus status, EventTerms? terms = null) =>
        new(status, StatusNow(), status == EventResultStatus.InvalidTerms ? terms : null);

    private EventStatus? StatusNow() =>
        _ledger.Status(EventId, Now) is not { } status ? null : clock?.Step is { } error ? status with { ClockError = error } : status;

    /// <summary>
    /// Changes something, or answers for good. The answer is given when all that it rests on is durable, its own entries and
    /// those before it, and no other owner can have appended before the call came.
    /// </summary>
    private async Task<T> Decide<T>(DateTimeOffset? validUntil, Func<T> decide, int calls = 1)
    {
        await Replayed(isToSell: true);
        RequireInTime(validUntil);
        return await AnswerWhenCertain(decide, calls, isForGood: true);
    }

    private void RequireInTime(DateTimeOffset? validUntil)
    {
        if (Now > validUntil) throw new NotAppliedException("The call came after its deadline.");
    }

    /// <summary>Tells numbers of a moment, which may be <see cref="BoxOfficeOptions.HeadTrustedFor"/> ago.</summary>
    private async Task<T> Look<T>(Func<T> look)
    {
        await Replayed(isToSell: false);
        return await AnswerWhenCertain(look, calls: 1, isForGood: false);
    }

    private async Task<T> AnswerWhenCertain<T>(Func<T> decide, int calls, bool isForGood)
    {
        if (_brokenRule is { } rule)
            throw new EventBrokenException($"The journal of event {EventId} cannot be replayed after entry {_ledger.HeadSequence}: {rule}");
        if (_head.Ended is not null) throw new NotAppliedException("The event is changing owners.");
        if (_head.WaitingCalls > 0 && _head.WaitingCalls + calls > _options.WaitingCallsMax)
            throw new BusyException("Too many calls wait for this event.");

        var firstSequence = _ledger.HeadSequence + 1;
        var answer = DecideOrEnd(decide);
        TellClock();
        ArmExpiryTimer();
        var status = await _head.WhenCertain(firstSequence, calls, isForGood);
        if (status == AppendStatus.Committed)
        {
            ArmIndexTimer();
            return answer;
        }
        if (_head.Ended is not null) Leave();
        throw status == AppendStatus.Unknown
            ? new OutcomeUnknownException("Whether it is stored is not known; repeat with the same key.")
            : new NotAppliedException("The event is changing owners, or its journal cannot be reached.");
    }

    private T DecideOrEnd<T>(Func<T> decide)
    {
        try
        {
            var answer = decide();
            // What was replayed may not be durable: a primary shows rows for which it still waits for its standby. And an append
            // of an earlier owner may be on its way. So a new owner's first answer, a read too, rests on an entry of its own.
            if (!_head.IsOwn && !_ledger.HasUncommitted && _ledger.Terms is not null) _ledger.TakeOver(RuntimeIdentity, Now);
            return answer;
        }
        catch (Exception e)
        {
            // Whatever it was, something may have been decided by half: memory cannot be trusted any more, and is not written. A
            // batch may be in flight, so those who wait cannot be told "not applied".
            SaleMetrics.Failed(EventFailure.Defect);
            LogBroken(e, EventId);
            _head.End(AppendStatus.Unknown);
            Leave();
            throw new NotAppliedException("The event stopped: its ledger is broken.");
        }
    }

    /// <summary>The next activation, here or elsewhere, replays what was stored.</summary>
    private void Leave()
    {
        _expiryTimer?.Dispose();
        _indexTimer?.Dispose();
        DeactivateOnIdle();
    }

    /// <summary>
    /// Lets this activation go after a while. Ending it within a call would stop Orleans' message loop at once, and the
    /// calls behind it would be sent on and on until they fail as unknown.
    /// </summary>
    private void EndAfter(TimeSpan wait) => this.RegisterGrainTimer(
        _ =>
        {
            if (_head.Ended is not null || _ledger.Terms is null) DeactivateOnIdle();
            return Task.CompletedTask;
        },
        new() { DueTime = wait, Period = Timeout.InfiniteTimeSpan, Interleave = true });

    /// <summary>
    /// Wakes the event when its next hold ends. Expiry does not depend on it, for every decision looks at the time; it
    /// makes an expiry visible soon after it happened.
    /// </summary>
    private void ArmExpiryTimer()
    {
        if (_head.Ended is not null || _ledger.NextExpiry is not { } expiry) return;
        var dueAt = expiry - (_ledger.ClockAhead ?? TimeSpan.Zero); // by the clock
        if (dueAt == _timerDueAt) return;
        _timerDueAt = dueAt;
        var wait = dueAt - Now;
        wait = wait < TimerMin ? TimerMin : wait > TimerMax ? TimerMax : wait;
        if (_expiryTimer is { } timer) timer.Change(wait, Timeout.InfiniteTimeSpan);
        else _expiryTimer = this.RegisterGrainTimer(ExpireDue, OnceAfter(wait));
    }

    /// <summary>Says once that the journal ends in the future, and once that it does not any more.</summary>
    private void TellClock()
    {
        if (_ledger.ClockAhead is not null == _isAhead) return;
        _isAhead = !_isAhead;
        SaleMetrics.IsAhead(_isAhead ? 1 : -1);
        if (_ledger.ClockAhead is { } ahead) LogAhead(EventId, ahead);
        else LogNotAhead(EventId);
    }

    private static GrainTimerCreationOptions OnceAfter(TimeSpan wait) =>
        new() { DueTime = wait, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true };

    private Task ExpireDue(CancellationToken stop)
    {
        _timerDueAt = null;
        return Decide(validUntil: null, () => { _ledger.ExpireDue(Now); return true; }, calls: 0);
    }

    private void ArmIndexTimer()
    {
        if (_isIndexDue || _head.Ended is not null || !_memberIndex.IsBehind) return;
        _isIndexDue = true;
        if (_indexTimer is { } timer) timer.Change(MemberIndexSchedule.Period, Timeout.InfiniteTimeSpan);
        else _indexTimer = this.RegisterGrainTimer(IndexMembers, new() { DueTime = MemberIndexSchedule.Period, Period = Timeout.InfiniteTimeSpan, Interleave = true });
    }

    private Task IndexMembers(CancellationToken stop)
    {
        _memberIndex.CatchUp();
        snapshots.Take(EventId, _head.DurableSequence);
        _isIndexDue = false;
        ArmIndexTimer();
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} could not be replayed")]
    private partial void LogNotReplayed(Exception exception, string eventId);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal of event {EventId} cannot be replayed after entry {Sequence}: {Rule}. The event "
        + "sells nothing until an operator has repaired it (POST /admin/events/{EventId}/repair)")]
    private partial void LogUnreadable(string eventId, long sequence, string rule);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId} was repaired by {Actor}: {Count} entries after entry {Sequence} were taken out of the journal "
        + "and are kept in journal_set_aside")]
    private partial void LogRepaired(string eventId, string actor, long count, long sequence);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal of event {EventId} ends {Ahead} in the future: a clock that was wrong wrote it. "
        + "It sells on; holds live as long as promised from now on, and those from before may end late")]
    private partial void LogAhead(string eventId, TimeSpan ahead);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The clock has caught up with the journal of event {EventId}: nothing is left to do")]
    private partial void LogNotAhead(string eventId);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Event {EventId} is broken and stops")]
    private partial void LogBroken(Exception exception, string eventId);
}

using BoxOffice.Grains.Clocks;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace BoxOffice.Grains.Events;

/// <summary>
/// The owner of one event. It decides in memory and answers when durable: the ledger decides a whole batch of calls in
/// one turn, decisions gather while the batch before is written, and every answer waits until the head that it saw is
/// committed.
/// </summary>
/// <remarks>
/// Reentrant, so that calls are decided while a batch is written; no method awaits between reading and changing the
/// ledger. One batch is in flight at a time (<see cref="GroupCommit"/>): together with contiguous sequences that is the
/// fence against a second owner. Placed at random: events are opened long before the crowd comes, and stay where they
/// are. Placed by the silos' load or number of events at that moment, 256 events were distributed as unevenly as 217
/// and 39. The Orleans Dashboard profiles its calls, which is cheap: the front-end joins what waits.
/// </remarks>
[Reentrant, Immovable, RandomPlacement, GrainType(TicketEvents.GrainTypeName)]
public sealed partial class TicketEventGrain(
    EventStorages storages,
    IOptions<BoxOfficeOptions> options,
    ReplayGate gate,
    TimeProvider time,
    ILogger<TicketEventGrain> logger,
    SaleClock? clock = null) : Grain, ITicketEventGrain, IBatchedEventGrain, IDisposable
{
    private readonly BoxOfficeOptions _options = options.Value;
    private readonly CancellationTokenSource _stop = new();
    private EventStorage _storage = null!;
    private ReservationLedger _ledger = new();
    private EventReplay _replay = null!;
    private Task _replayed = Task.CompletedTask;
    private GroupCommit _commit = null!;
    private MemberIndexSchedule? _memberIndex; // null for a rehearsal copy
    private string? _brokenRule; // why the journal cannot be replayed; null when it can

    private string EventId => this.GetPrimaryKeyString();

    private DateTimeOffset Now => time.GetUtcNow();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    public Task<EventResult> Open(EventTerms terms, string actor, DateTimeOffset? validUntil) =>
        DecideAsync(validUntil, () => ResultOf(_ledger.Open(terms, actor, Now), terms));

    /// <inheritdoc/>
    public Task<EventResult> Change(TermsChange change, string actor, DateTimeOffset? validUntil) =>
        DecideAsync(validUntil, () =>
            change.IfVersions is { } versions && StatusNow() is { } status && !versions.Contains(status.Version)
                ? ResultOf(EventResultStatus.VersionMismatch)
                : ResultOf(
                    _ledger.Change(change, actor, Now), _ledger.Terms is { } terms ? change.ApplyTo(terms) : null));

    /// <inheritdoc/>
    public Task<EventResult> Pause(string actor, DateTimeOffset? validUntil) =>
        DecideAsync(validUntil, () => ResultOf(_ledger.Pause(actor, Now)));

    /// <inheritdoc/>
    public Task<EventResult> Resume(string actor, DateTimeOffset? validUntil) =>
        DecideAsync(validUntil, () => ResultOf(_ledger.Resume(actor, Now)));

    /// <inheritdoc/>
    public Task<EventStatus?> Status() => ReadAsync(StatusNow);

    /// <inheritdoc/>
    public async Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil)
    {
        var (begunAt, decidedAt) = (time.GetTimestamp(), 0L);
        var results = await DecideAsync(validUntil, () =>
        {
            var decided = ReserveAll(requests);
            decidedAt = time.GetTimestamp();
            return decided;
        }, requests.Length);
        return results with { Turn = time.GetElapsedTime(begunAt, decidedAt), Store = time.GetElapsedTime(decidedAt) };
    }

    /// <inheritdoc/>
    public Task<SoldOutNotice?> SoldOut() => ReadAsync(() => _ledger.SoldOut(Now));

    /// <inheritdoc/>
    public Task<ReservationResult> Confirm(string memberId, long sequence, DateTimeOffset? validUntil) =>
        DecideAsync(validUntil, () => _ledger.Confirm(memberId, sequence, Now));

    /// <inheritdoc/>
    public Task<ReservationResult> Cancel(string memberId, long sequence, DateTimeOffset? validUntil) =>
        DecideAsync(validUntil, () => _ledger.Cancel(memberId, sequence, Now));

    /// <inheritdoc/>
    public Task<ReservationResult> Find(string memberId, long sequence, DateTimeOffset? validUntil) =>
        DecideAsync(validUntil, () => _ledger.Find(memberId, sequence, Now));

    /// <inheritdoc/>
    public Task<Reservation[]> ReservationsOf(string memberId, int countMax, DateTimeOffset? validUntil) =>
        DecideAsync(validUntil, () => _ledger.ReservationsOf(memberId, countMax, Now));

    /// <inheritdoc/>
    public Task<ExportedReservation[]> Export(long after, int countMax) =>
        ReadAsync(() => _ledger.Export(after, countMax, Now));

    /// <inheritdoc/>
    public async Task<RepairResult> Repair(long upTo, string actor, DateTimeOffset? validUntil)
    {
        await ReplayedAsync(isToSell: true);
        RequireInTime(validUntil);
        if (_brokenRule is null)
        {
            var status = await ReadAsync(
                () => _ledger.Terms is null ? RepairStatus.EventNotFound : RepairStatus.NotBroken);
            return new(status, _ledger.HeadSequence);
        }
        if (upTo != _ledger.HeadSequence) return new(RepairStatus.OtherEntry, _ledger.HeadSequence);

        var count = await _storage.Journal.SetAsideAsync(EventId, upTo, _replay.Head, actor);
        Leave();
        if (count < 0) throw new NotAppliedException("The journal is not the one that this owner read.");
        _storage.Known.Forget(EventId);
        logger.Repaired(EventId, actor, count, upTo);
        return new(RepairStatus.Done, upTo, count);
    }

    /// <inheritdoc/>
    public async Task Discard()
    {
        if (_storage.RehearsalCopies is not { } copies)
            throw new InvalidOperationException("Only a rehearsal copy can be deleted.");
        await ReplayedAsync(isToSell: false);
        await _commit.RetireAsync(); // after the last entry that it may write
        await copies.DeleteRehearsalCopyAsync(EventId);
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
        _ledger.Status(EventId, Now) is not { } status ? null
        : clock?.Step is { } error ? status with { ClockError = error }
        : status;

    /// <summary>
    /// For a call that changes something, or whose answer is final. The answer is given when all that it depends on is
    /// durable, its own entries and those before it, and no other owner can have appended before the call came.
    /// </summary>
    private async Task<T> DecideAsync<T>(DateTimeOffset? validUntil, Func<T> decide, int calls = 1)
    {
        await ReplayedAsync(isToSell: true);
        RequireInTime(validUntil);
        return await AnswerWhenCertainAsync(decide, calls, isFinal: true);
    }

    private void RequireInTime(DateTimeOffset? validUntil)
    {
        if (Now > validUntil) throw new NotAppliedException("The call came after its deadline.");
    }

    /// <summary>
    /// For a call that reads numbers, which may be <see cref="BoxOfficeOptions.HeadTrustedFor"/> old.
    /// </summary>
    private async Task<T> ReadAsync<T>(Func<T> read)
    {
        await ReplayedAsync(isToSell: false);
        return await AnswerWhenCertainAsync(read, calls: 1, isFinal: false);
    }

    private async Task<T> AnswerWhenCertainAsync<T>(Func<T> decide, int calls, bool isFinal)
    {
        if (_brokenRule is { } rule) throw new EventBrokenException(
            $"The journal of event {EventId} cannot be replayed after entry {_ledger.HeadSequence}: {rule}");
        if (_commit.Ended is not null) throw new NotAppliedException("The event is changing owners.");
        if (_commit.WaitingCalls > 0 && _commit.WaitingCalls + calls > _options.WaitingCallsMax)
            throw new BusyException("Too many calls wait for this event.");

        var firstSequence = _ledger.HeadSequence + 1;
        var answer = DecideOrEnd(decide);
        ReportClock();
        ArmExpiryTimer();
        var status = await _commit.WhenCertainAsync(firstSequence, calls, isFinal);
        if (status == AppendStatus.Committed)
        {
            ArmIndexTimer();
            return answer;
        }
        if (_commit.Ended is not null) Leave();
        throw status == AppendStatus.Unknown
            ? new OutcomeUnknownException("Whether it is stored is not known; repeat with the same key.")
            : new NotAppliedException("The event is changing owners, or its journal cannot be reached.");
    }

    private T DecideOrEnd<T>(Func<T> decide)
    {
        try
        {
            var answer = decide();
            // What was replayed may not be durable: a primary shows rows for which it still waits for its standby. And
            // an append of an earlier owner may be on its way. So a new owner's first answer, a read too, rests on an
            // entry of its own.
            if (!_commit.IsOwn && !_ledger.HasUncommitted && _ledger.Terms is not null)
                _ledger.TakeOver(RuntimeIdentity, Now);
            return answer;
        }
        catch (Exception e)
        {
            // A decision may be half applied: memory cannot be trusted any more, and is not written. A batch may be in
            // flight, so waiting callers must not be answered "not applied".
            SaleMetrics.Failed(EventFailure.Defect);
            logger.Broken(e, EventId);
            _commit.End(AppendStatus.Unknown);
            Leave();
            throw new NotAppliedException("The event stopped: its ledger is broken.");
        }
    }

    /// <summary>The next activation, on any silo, replays what was stored.</summary>
    private void Leave()
    {
        _expiryTimer?.Dispose();
        _indexTimer?.Dispose();
        DeactivateOnIdle();
    }
}

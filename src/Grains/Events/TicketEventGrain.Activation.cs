using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Grains.Events;

/// <summary>How an activation begins, with a replay of the journal, and how it ends.</summary>
public sealed partial class TicketEventGrain
{
    private static readonly TimeSpan ReplayRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BrokenKept = TimeSpan.FromSeconds(30); // then the journal is read again
    private static readonly TimeSpan UnknownEventKept = TimeSpan.FromSeconds(2);

    // Calls that arrive during the replay wait for it this long. Then they are answered "not applied" and retried, by
    // which time their front-end may have tried another way. Most replays take some milliseconds.
    private static readonly TimeSpan ReplayPatience = TimeSpan.FromSeconds(1);

    // Orleans ends an activation without calls after a while; one that replays is kept longer than any replay takes.
    private static readonly TimeSpan ReplayKept = TimeSpan.FromDays(1);

    /// <summary>
    /// Starts the replay and does not wait for it: Orleans ends an activation that takes longer than 30 s, and the next
    /// one would start from the beginning, and never finish.
    /// </summary>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _storage = storages.Of(EventId);
        SetLedger(_ledger);
        SaleMetrics.Activated(1);
        DelayDeactivation(ReplayKept);
        _replay = new(EventId, _storage.Journal, _storage.Snapshots, gate, _options, time, logger);
        _replayed = ReplayAsync();
        return Task.CompletedTask;
    }

    /// <summary>Lets the batch in flight end, so that its callers get the answer.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        SaleMetrics.Activated(-1);
        if (_isAhead) SaleMetrics.IsAhead(-1);
        await _stop.CancelAsync();
        try
        {
            await _commit.Flushed.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Orleans stops waiting: calls that still wait are answered "unknown", and the journal has the outcome.
        }
    }

    /// <summary>Never fails: when the journal cannot be read, the activation answers "not applied" and ends.</summary>
    private async Task ReplayAsync()
    {
        try
        {
            var ledger = await _replay.RunAsync(_stop.Token);
            _stop.Token.ThrowIfCancellationRequested();
            SetLedger(ledger);
            _commit.Begin(_replay.SeenAt);
            _memberIndex?.Begin();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _commit.End(AppendStatus.NotApplied);
            return;
        }
        catch (Exception e)
        {
            // Rejecting each call, instead of failing the activation, tells callers for certain that nothing was done.
            if (e is LedgerBrokenException)
            {
                SetLedger(_replay.Ledger);
                _brokenRule = e.Message;
                SaleMetrics.Failed(EventFailure.Unreadable);
                logger.Unreadable(EventId, _ledger.HeadSequence, e.Message);
            }
            else logger.NotReplayed(e, EventId);
            _commit.End(AppendStatus.NotApplied);
            EndAfter(_brokenRule is null ? ReplayRetry : BrokenKept);
            return;
        }
        finally
        {
            DelayDeactivation(TimeSpan.FromTicks(-1)); // a negative time removes the delay
        }
        _storage.SnapshotTaker?.Take(EventId, _commit.DurableSequence);
        // Unknown ids do not stay in memory, yet a crowd that asks for one is answered from here and not from the
        // database.
        if (_ledger.Terms is null) EndAfter(UnknownEventKept);
        ArmExpiryTimer();
        ArmIndexTimer();
    }

    private void SetLedger(ReservationLedger ledger)
    {
        _ledger = ledger;
        _commit = new(EventId, ledger, _storage.Journal, _storage.Known, _options, time, logger);
        _memberIndex = _storage.MemberIndexer is { } indexer ? new(EventId, _commit, indexer) : null;
    }

    /// <summary>Waits for the end of the replay, which is usually over.</summary>
    private async ValueTask ReplayedAsync(bool isToSell)
    {
        if (_replayed.IsCompleted) return;
        if (isToSell) _replay.MakeUrgent();
        try
        {
            await _replayed.WaitAsync(ReplayPatience, time);
        }
        catch (TimeoutException)
        {
            throw new NotAppliedException("The event is being brought back from its journal.");
        }
    }

    /// <summary>
    /// Lets this activation end after a while. Ending it within a call would stop Orleans' message loop at once, and
    /// the calls behind it would be forwarded repeatedly until they fail as unknown.
    /// </summary>
    private void EndAfter(TimeSpan wait) => this.RegisterGrainTimer(
        _ =>
        {
            if (_commit.Ended is not null || _ledger.Terms is null) DeactivateOnIdle();
            return Task.CompletedTask;
        },
        new() { DueTime = wait, Period = Timeout.InfiniteTimeSpan, Interleave = true });
}

using System.Diagnostics;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Knows how much of one event's ledger is durable, and makes the rest so: batch after batch, one at a time. It also knows
/// whether the journal's head is still the one that this owner saw, for another may have taken the event over.
/// </summary>
/// <remarks>It belongs to one activation and runs in its turns only.</remarks>
internal sealed partial class GroupCommit(
    string eventId, ReservationLedger ledger, IEventJournal journal, KnownHeads known, BoxOfficeOptions options, TimeProvider time, ILogger logger)
{
    // The journal limits the statement itself; this bounds the time that a batch waits for a free writer on top.
    private static readonly TimeSpan AppendGrace = TimeSpan.FromSeconds(5);

    private readonly Queue<Waiting> _waiting = new();
    private JournalHead _durable;
    private long _seenAt;
    private Task _flush = Task.CompletedTask;
    private Task<AppendStatus>? _headRead;

    /// <summary>Why this owner's time is over; null while it is not.</summary>
    public AppendStatus? Ended { get; private set; }

    /// <summary>Calls that wait for the journal.</summary>
    public int WaitingCalls { get; private set; }

    /// <summary>
    /// True once an entry of this owner is durable. No append of an earlier owner that is still on its way can succeed from
    /// then on: its sequence is taken.
    /// </summary>
    public bool IsOwn { get; private set; }

    /// <summary>The last sequence that is durable.</summary>
    public long DurableSequence => _durable.Sequence;

    /// <summary>Ends when no batch is under way.</summary>
    public Task Flushed => _flush;

    /// <summary>The ledger was replayed: its head is the journal's, as seen when the replay began.</summary>
    /// <param name="seenAt">A timestamp from before the journal was read.</param>
    public void Begin(long seenAt)
    {
        (_durable, _seenAt) = (ledger.Head, seenAt);
        if (known.LostIn(eventId, _durable) is var lost and not 0) TellWentBack(lost);
    }

    /// <summary>
    /// Waits until an answer is certain that was decided at the ledger's head: until all that it saw is durable, and, when that
    /// adds nothing to the journal, until the head was seen to be this owner's: after the call came when the answer is for good,
    /// else not longer ago than <see cref="BoxOfficeOptions.HeadTrustedFor"/>.
    /// </summary>
    /// <param name="firstSequence">The first sequence that is the caller's own.</param>
    /// <param name="calls">How many calls wait, for the limit of waiting calls.</param>
    /// <param name="isForGood">
    /// True for an answer that a client does not ask for again: a refusal, "no such reservation", or the state that a repeat
    /// finds. An owner that was replaced a moment ago must not give it.
    /// </param>
    public ValueTask<AppendStatus> WhenCertain(long firstSequence, int calls, bool isForGood)
    {
        var addedNothing = ledger.HeadSequence < firstSequence; // what is added cannot be appended when another owner has
        if (isForGood && addedNothing) return new(WhenSeenFromNow(firstSequence, calls));
        if (ledger.HeadSequence > DurableSequence) return new(WhenDurable(firstSequence, calls));
        if (time.GetElapsedTime(_seenAt) <= options.HeadTrustedFor) return new(AppendStatus.Committed);
        return new(_headRead ??= ReadHead());
    }

    /// <summary>
    /// Memory is now ahead of the journal, or not to be trusted. It is not mended: the next activation replays what was stored.
    /// </summary>
    public void End(AppendStatus status)
    {
        if (Ended is not null) return;
        LogEnded(eventId, status, DurableSequence);
        Leave(status);
    }

    /// <summary>The event is over: nothing is decided any more, and what waits is not done. Ends when no batch is under way.</summary>
    public Task Retire()
    {
        if (Ended is null) Leave(AppendStatus.NotApplied);
        return _flush;
    }

    private void Leave(AppendStatus status)
    {
        Ended = status;
        while (_waiting.TryDequeue(out var waiting))
        {
            // A call larger than a batch may be written in part: for that part "not applied" would be false.
            waiting.Answer.SetResult(waiting.FirstSequence <= DurableSequence ? AppendStatus.Unknown : status);
        }
    }

    private async Task<AppendStatus> WhenSeenFromNow(long firstSequence, int calls)
    {
        if (ledger.HeadSequence > DurableSequence && await WhenDurable(firstSequence, calls) is not AppendStatus.Committed and var failed) return failed;
        if (_headRead is { } earlier) await earlier; // it may have read before these calls came
        return Ended ?? await (_headRead ??= ReadHead());
    }

    private async Task<AppendStatus> WhenDurable(long firstSequence, int calls)
    {
        if (Ended is { } already) return already; // nothing is written any more
        // Continuations run as turns of their own: one that ran inside the loop could change what the loop is reading.
        var answer = new TaskCompletionSource<AppendStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(new(firstSequence, ledger.HeadSequence, answer, Tracing.Caller));
        WaitingCalls += calls;
        SaleMetrics.Waits(calls);
        if (_flush.IsCompleted) _flush = Flush();
        var status = await answer.Task;
        WaitingCalls -= calls;
        SaleMetrics.Waits(-calls);
        return status;
    }

    /// <summary>Writes batch after batch, one at a time, until nothing waits. A batch is what gathered meanwhile.</summary>
    private async Task Flush()
    {
        await Task.Yield(); // calls that wait for their turn join the first batch
        while (Ended is null && ledger.HasUncommitted)
        {
            var batch = ledger.TakeUncommitted(options.BatchEntriesMax);
            var status = await Append(batch);
            if (status != AppendStatus.Committed)
            {
                End(status);
                return;
            }
            (_durable, _seenAt, IsOwn) = (JournalHead.Of(batch[^1]), time.GetTimestamp(), true);
            known.Note(eventId, _durable);
            while (_waiting.TryPeek(out var first) && first.LastSequence <= DurableSequence)
                _waiting.Dequeue().Answer.SetResult(AppendStatus.Committed);
        }
    }

    private async Task<AppendStatus> Append(IReadOnlyList<JournalEntry> batch)
    {
        using var trace = Tracing.Begin("append", _waiting.Select(waiting => waiting.Caller));
        trace?.SetTag("boxoffice.batch.size", batch.Count);
        var (status, begunAt) = (AppendStatus.Unknown, time.GetTimestamp());
        try
        {
            status = await journal.AppendAsync(eventId, _durable, batch).WaitAsync(options.AppendTimeout + AppendGrace, time);
        }
        catch (Exception e)
        {
            LogNotAppended(e, eventId);
        }
        SaleMetrics.Appended(status.MetricTag(), time.GetElapsedTime(begunAt));
        if (status == AppendStatus.WentBack) TellWentBack(DurableSequence);
        return status;
    }

    /// <summary>Once for each event and loss: <see cref="JournalWatch"/> may have told it already.</summary>
    private void TellWentBack(long lost)
    {
        if (!known.MayTell(eventId, lost)) return;
        SaleMetrics.Failed(EventFailure.WentBack);
        LogWentBack(eventId, lost);
    }

    /// <summary>Reads the journal's head once for all who wait for it. Nothing is wrong when it cannot be read; nothing is known.</summary>
    private async Task<AppendStatus> ReadHead()
    {
        await Task.Yield(); // so that it cannot end before it is remembered
        try
        {
            var (askedAt, durable) = (time.GetTimestamp(), _durable); // a batch may become durable after it was read
            var head = await journal.HeadAsync(eventId);
            if (head.Sequence < durable.Sequence || (head.Sequence == durable.Sequence && head != durable))
            {
                TellWentBack(durable.Sequence);
                // A batch in flight may have been stored before the database lost it, or be refused: nobody knows.
                End(_flush.IsCompleted ? AppendStatus.WentBack : AppendStatus.Unknown);
            }
            else if (head.Sequence > DurableSequence)
            {
                // What this owner appended meanwhile may be in it already, before what another appended: only its own answer
                // tells. It was decided before the head was read, so what lies behind it then is another's.
                if (ledger.HeadSequence > DurableSequence) await WhenDurable(firstSequence: long.MaxValue, calls: 0);
                if (head.Sequence > DurableSequence) End(AppendStatus.Fenced);
            }
            if (Ended is { } ended) return ended;
            _seenAt = Math.Max(_seenAt, askedAt);
            return AppendStatus.Committed;
        }
        catch (Exception e)
        {
            LogNotRead(e, eventId);
            return AppendStatus.NotApplied;
        }
        finally
        {
            _headRead = null;
        }
    }

    /// <summary>Who waits, from which entry of its own to which last entry that it saw, and whose trace it is.</summary>
    private readonly record struct Waiting(long FirstSequence, long LastSequence, TaskCompletionSource<AppendStatus> Answer, Activity? Caller);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} could not append to the journal")]
    private partial void LogNotAppended(Exception exception, string eventId);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal of event {EventId} went back: entry {Sequence}, which may have been "
        + "acknowledged, is missing or another one. The database lost commits (failover, restore, deleted rows). The event "
        + "goes on from what the journal has, and tickets that were acknowledged after that may be sold again")]
    private partial void LogWentBack(string eventId, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId} could not read the journal's head")]
    private partial void LogNotRead(Exception exception, string eventId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This owner of event {EventId} ends: {Status} after sequence {Sequence}")]
    private partial void LogEnded(string eventId, AppendStatus status, long sequence);
}

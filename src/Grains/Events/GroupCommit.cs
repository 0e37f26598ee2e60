using System.Diagnostics;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Makes one event's ledger durable: batch after batch, one at a time. It also checks that the journal's head is still
/// the one that this owner saw, for another may have taken the event over.
/// </summary>
/// <remarks>It belongs to one activation and runs in its turns only.</remarks>
internal sealed partial class GroupCommit(
    string eventId,
    ReservationLedger ledger,
    IEventJournal journal,
    KnownHeads known,
    BoxOfficeOptions options,
    TimeProvider time,
    ILogger logger)
{
    // The journal limits the statement itself; this bounds the time that a batch waits for a free writer on top.
    private static readonly TimeSpan AppendGrace = TimeSpan.FromSeconds(5);

    private readonly Queue<Waiting> _waiting = new();
    private JournalHead _durable;
    private long _seenAt;
    private Task _flush = Task.CompletedTask;
    private Task<AppendStatus>? _headRead;

    /// <summary>Why this owner has ended; null while it owns the event.</summary>
    public AppendStatus? Ended { get; private set; }

    /// <summary>Calls that wait for the journal.</summary>
    public int WaitingCalls { get; private set; }

    /// <summary>
    /// True once an entry of this owner is durable. From then on no append of an earlier owner can succeed: its
    /// sequence is taken.
    /// </summary>
    public bool IsOwn { get; private set; }

    /// <summary>The last sequence that is durable.</summary>
    public long DurableSequence => _durable.Sequence;

    /// <summary>Ends when no batch is in flight.</summary>
    public Task Flushed => _flush;

    /// <summary>Begins after the replay: the ledger's head is the journal's, as seen when the replay began.</summary>
    /// <param name="seenAt">A timestamp from before the journal was read.</param>
    public void Begin(long seenAt)
    {
        (_durable, _seenAt) = (ledger.Head, seenAt);
        if (known.LostIn(eventId, _durable) is var lost and not 0) ReportWentBack(lost);
    }

    /// <summary>
    /// Waits until an answer that was decided at the ledger's head is certain: until all that it depends on is durable,
    /// and, when the answer adds nothing to the journal, until the head was seen to be this owner's: after the call
    /// came when the answer is final, else not longer ago than <see cref="BoxOfficeOptions.HeadTrustedFor"/>.
    /// </summary>
    /// <param name="firstSequence">The first sequence that is the caller's own.</param>
    /// <param name="calls">How many calls wait, for the limit of waiting calls.</param>
    /// <param name="isFinal">
    /// True for an answer that a client does not ask for again: a refusal, "no such reservation", or the state that a
    /// repetition finds. An owner that was just replaced must not give it.
    /// </param>
    public ValueTask<AppendStatus> WhenCertainAsync(long firstSequence, int calls, bool isFinal)
    {
        var addedNothing = ledger.HeadSequence < firstSequence; // entries are fenced by the append
        if (isFinal && addedNothing) return new(WhenSeenFromNowAsync(firstSequence, calls));
        if (ledger.HeadSequence > DurableSequence) return new(WhenDurableAsync(firstSequence, calls));
        if (time.GetElapsedTime(_seenAt) <= options.HeadTrustedFor) return new(AppendStatus.Committed);
        return new(_headRead ??= ReadHeadAsync());
    }

    /// <summary>
    /// Ends this owner: memory is ahead of the journal, or cannot be trusted. It is not repaired; the next activation
    /// replays what was stored.
    /// </summary>
    public void End(AppendStatus status)
    {
        if (Ended is not null) return;
        LogEnded(eventId, status, DurableSequence);
        Leave(status);
    }

    /// <summary>
    /// Ends this owner because the event is deleted: waiting calls are answered "not applied". Ends when no batch is in
    /// flight.
    /// </summary>
    public Task RetireAsync()
    {
        if (Ended is null) Leave(AppendStatus.NotApplied);
        return _flush;
    }

    private void Leave(AppendStatus status)
    {
        Ended = status;
        while (_waiting.TryDequeue(out var waiting))
        {
            // A call larger than a batch may be written in part, and "not applied" would be false for that part.
            waiting.Answer.SetResult(waiting.FirstSequence <= DurableSequence ? AppendStatus.Unknown : status);
        }
    }

    private async Task<AppendStatus> WhenSeenFromNowAsync(long firstSequence, int calls)
    {
        if (ledger.HeadSequence > DurableSequence)
        {
            var status = await WhenDurableAsync(firstSequence, calls);
            if (status != AppendStatus.Committed) return status;
        }
        if (_headRead is { } earlier) await earlier; // it may have read before these calls came
        return Ended ?? await (_headRead ??= ReadHeadAsync());
    }

    private async Task<AppendStatus> WhenDurableAsync(long firstSequence, int calls)
    {
        if (Ended is { } already) return already; // nothing is written any more
        // Continuations run as turns of their own: one that ran inside the flush loop could change what the loop reads.
        var answer = new TaskCompletionSource<AppendStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(new(firstSequence, ledger.HeadSequence, answer, Tracing.Caller));
        WaitingCalls += calls;
        SaleMetrics.Waits(calls);
        if (_flush.IsCompleted) _flush = FlushAsync();
        var status = await answer.Task;
        WaitingCalls -= calls;
        SaleMetrics.Waits(-calls);
        return status;
    }

    /// <summary>
    /// Writes batch after batch, one at a time, until nothing waits. A batch is what gathered meanwhile.
    /// </summary>
    private async Task FlushAsync()
    {
        await Task.Yield(); // calls that are queued as turns join the first batch
        while (Ended is null && ledger.HasUncommitted)
        {
            var batch = ledger.TakeUncommitted(options.BatchEntriesMax);
            var status = await AppendAsync(batch);
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

    private async Task<AppendStatus> AppendAsync(IReadOnlyList<JournalEntry> batch)
    {
        using var trace = Tracing.Begin("append", _waiting.Select(waiting => waiting.Caller));
        trace?.SetTag("boxoffice.batch.size", batch.Count);
        var (status, begunAt) = (AppendStatus.Unknown, time.GetTimestamp());
        try
        {
            status = await journal.AppendAsync(eventId, _durable, batch)
                .WaitAsync(options.AppendTimeout + AppendGrace, time);
        }
        catch (Exception e)
        {
            LogNotAppended(e, eventId);
        }
        SaleMetrics.Appended(status.MetricTag(), time.GetElapsedTime(begunAt));
        if (status == AppendStatus.WentBack) ReportWentBack(DurableSequence);
        return status;
    }

    /// <summary>Reports each loss of an event once: <see cref="JournalWatch"/> may have reported it already.</summary>
    private void ReportWentBack(long lost)
    {
        if (!known.MayReport(eventId, lost)) return;
        SaleMetrics.Failed(EventFailure.WentBack);
        LogWentBack(eventId, lost);
    }

    /// <summary>
    /// Reads the journal's head once for all calls that wait for it. A failed read answers "not applied" and ends
    /// nothing.
    /// </summary>
    private async Task<AppendStatus> ReadHeadAsync()
    {
        await Task.Yield(); // so that it cannot end before it is stored in its field
        try
        {
            var (askedAt, durable) = (time.GetTimestamp(), _durable); // a batch may become durable after it was read
            var head = await journal.HeadAsync(eventId);
            if (head.Sequence < durable.Sequence || (head.Sequence == durable.Sequence && head != durable))
            {
                ReportWentBack(durable.Sequence);
                // A batch in flight may have been stored before the database lost entries, or may be rejected: unknown.
                End(_flush.IsCompleted ? AppendStatus.WentBack : AppendStatus.Unknown);
            }
            else if (head.Sequence > DurableSequence)
            {
                // The head may be an entry of this owner's batch in flight, or another owner's behind it. After that
                // batch's outcome, a head beyond the durable sequence is another owner's.
                if (ledger.HeadSequence > DurableSequence)
                    await WhenDurableAsync(firstSequence: long.MaxValue, calls: 0);
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

    /// <summary>
    /// A waiting call: its first own sequence, the last that it depends on, its completion and its trace.
    /// </summary>
    private readonly record struct Waiting(
        long FirstSequence, long LastSequence, TaskCompletionSource<AppendStatus> Answer, Activity? Caller);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} could not append to the journal. The outcome "
        + "is unknown; the owner ends, and the next one replays the journal")]
    private partial void LogNotAppended(Exception exception, string eventId);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal of event {EventId} went back: entry {Sequence}, "
        + "which may have been acknowledged, is missing or another one. The database lost commits (failover, restore, "
        + "deleted rows). The event continues from what the journal has, and tickets that were acknowledged after "
        + "that may be sold again. Pause the event, and compare with your lists")]
    private partial void LogWentBack(string eventId, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId} could not read the journal's head. Its waiting "
        + "calls are answered \"not applied\"")]
    private partial void LogNotRead(Exception exception, string eventId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This owner of event {EventId} ends: {Status} after sequence "
        + "{Sequence}. The next one replays the journal")]
    private partial void LogEnded(string eventId, AppendStatus status, long sequence);
}

using System.Diagnostics;
using BoxOffice.Grains.Journal;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains;

/// <summary>
/// Knows how much of one event's ledger is durable, and makes the rest so: batch after batch, one at a time. It also knows
/// whether the journal's head is still the one that this owner saw, for another may have taken the event over.
/// </summary>
/// <remarks>It belongs to one activation and runs in its turns only.</remarks>
internal sealed partial class DurableHead(
    string eventId, ReservationLedger ledger, IReservationJournal journal, BoxOfficeOptions options, TimeProvider time, ILogger logger)
{
    // The journal limits the statement itself; this bounds the time that a batch waits for a free writer on top.
    private static readonly TimeSpan AppendGrace = TimeSpan.FromSeconds(5);

    private readonly Queue<Waiting> _waiting = new();
    private long _durableSequence;
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
    public long DurableSequence => _durableSequence;

    /// <summary>Ends when no batch is under way.</summary>
    public Task Flushed => _flush;

    /// <summary>What was replayed is durable, and was the head a moment ago.</summary>
    public void Begin() => (_durableSequence, _seenAt) = (ledger.HeadSequence, time.GetTimestamp());

    /// <summary>
    /// Waits until an answer is certain that was decided at the ledger's head: until all that it saw is durable, and, when that
    /// adds nothing to the journal, until the head was seen to be this owner's not longer ago than
    /// <see cref="BoxOfficeOptions.HeadTrustedFor"/>.
    /// </summary>
    /// <param name="firstSequence">The first sequence that is the caller's own.</param>
    /// <param name="calls">How many calls wait, for the limit of waiting calls.</param>
    /// <param name="mayHaveRepeats">
    /// True when a repeat may be among the calls: such a one must not be refused by an owner that has not heard of the first call, which
    /// another owner may have answered a moment ago. When they add nothing, the head is read after they came.
    /// </param>
    public ValueTask<AppendStatus> WhenCertain(long firstSequence, int calls, bool mayHaveRepeats = false)
    {
        var addedNothing = ledger.HeadSequence < firstSequence; // what is added cannot be appended when another owner has
        if (mayHaveRepeats && addedNothing) return new(WhenSeenFromNow(firstSequence, calls));
        if (ledger.HeadSequence > _durableSequence) return new(WhenDurable(firstSequence, calls));
        if (time.GetElapsedTime(_seenAt) <= options.HeadTrustedFor) return new(AppendStatus.Committed);
        return new(_headRead ??= ReadHead());
    }

    /// <summary>
    /// Memory is now ahead of the journal, or not to be trusted. It is not mended: the next activation replays what was stored.
    /// </summary>
    public void End(AppendStatus status)
    {
        if (Ended is not null) return;
        LogEnded(eventId, status, _durableSequence);
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
            waiting.Answer.SetResult(waiting.FirstSequence <= _durableSequence ? AppendStatus.Unknown : status);
        }
    }

    private async Task<AppendStatus> WhenSeenFromNow(long firstSequence, int calls)
    {
        if (ledger.HeadSequence > _durableSequence && await WhenDurable(firstSequence, calls) is not AppendStatus.Committed and var failed) return failed;
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
            (_durableSequence, _seenAt, IsOwn) = (batch[^1].Sequence, time.GetTimestamp(), true);
            while (_waiting.TryPeek(out var first) && first.LastSequence <= _durableSequence)
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
            status = await journal.AppendAsync(eventId, batch).WaitAsync(options.AppendTimeout + AppendGrace, time);
        }
        catch (Exception e)
        {
            LogNotAppended(e, eventId);
        }
        SaleMetrics.Appended(status, time.GetElapsedTime(begunAt));
        return status;
    }

    /// <summary>Reads the journal's head once for all who wait for it. Nothing is wrong when it cannot be read; nothing is known.</summary>
    private async Task<AppendStatus> ReadHead()
    {
        await Task.Yield(); // so that it cannot end before it is remembered
        try
        {
            var (askedAt, durable) = (time.GetTimestamp(), _durableSequence); // a batch may become durable after it was read
            var head = await journal.HeadAsync(eventId);
            if (head < durable)
            {
                LogWentBack(eventId, durable, head);
                End(_flush.IsCompleted ? AppendStatus.NotApplied : AppendStatus.Unknown); // nothing stands in the way of a batch in flight
            }
            else if (head > _durableSequence)
            {
                // What this owner appended meanwhile may be in it already, before what another appended: only its own answer
                // tells. It was decided before the head was read, so what lies behind it then is another's.
                if (ledger.HeadSequence > _durableSequence) await WhenDurable(firstSequence: long.MaxValue, calls: 0);
                if (head > _durableSequence) End(AppendStatus.Fenced);
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

    [LoggerMessage(Level = LogLevel.Critical, Message = "The journal of event {EventId} went back from sequence {Sequence} to {Head}: "
        + "it was restored to an earlier time, or entries were deleted, and tickets that were sold may be sold again")]
    private partial void LogWentBack(string eventId, long sequence, long head);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId} could not read the journal's head")]
    private partial void LogNotRead(Exception exception, string eventId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This owner of event {EventId} ends: {Status} after sequence {Sequence}")]
    private partial void LogEnded(string eventId, AppendStatus status, long sequence);
}

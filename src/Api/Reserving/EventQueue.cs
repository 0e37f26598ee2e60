using BoxOffice.Api.Collections;

namespace BoxOffice.Api.Reserving;

/// <summary>
/// One event's waiting calls. A taker takes one batch after the other until nothing waits. A queue without takers ends.
/// </summary>
internal sealed class EventQueue(ActiveMap<string, EventQueue>.Lifetime lifetime, ApiOptions options, TimeProvider time)
{
    private readonly Queue<PendingReserve> _waiting = new();
    private int _takers; // each has a batch under way, or is about to take one

    public string EventId => lifetime.Key;

    /// <summary>
    /// Adds a call, or fails it when too many wait. The caller holds the gate of the queue's lifetime.
    /// </summary>
    /// <returns>True when a taker was added: the caller must send this queue.</returns>
    public bool Add(PendingReserve call)
    {
        if (_waiting.Count < options.CoalescerWaitingMax) _waiting.Enqueue(call);
        else call.TrySetException(new BusyException("Too many calls wait for this event."));
        if (_takers == options.CoalescerCallsMax) return false;
        _takers++;
        return true;
    }

    /// <summary>The next batch, in the order of arrival; null when nothing waits, and the taker is done.</summary>
    public PendingReserve[]? Take()
    {
        lock (lifetime.Gate)
        {
            if (!HasMore()) return null;
            var batch = new PendingReserve[Math.Min(_waiting.Count, options.CoalescerBatchMax)];
            for (var i = 0; i < batch.Length; i++) batch[i] = _waiting.Dequeue();
            return batch;
        }
    }

    /// <summary>True when a batch can be taken; otherwise the taker is done.</summary>
    public bool HasMore()
    {
        lock (lifetime.Gate)
        {
            while (_waiting.TryPeek(out var call) && (call.Task.IsCompleted || AgeOf(call) > options.ResponseTimeout))
                _waiting.Dequeue().TrySetException(new NotAppliedException("The event was not asked in time."));
            if (_waiting.Count > 0) return true;
            if (--_takers == 0) lifetime.End();
            return false;
        }
    }

    /// <summary>How many calls wait, and how long the first has waited.</summary>
    public (int Count, TimeSpan Oldest) Backlog()
    {
        lock (lifetime.Gate) return (_waiting.Count, _waiting.TryPeek(out var oldest) ? AgeOf(oldest) : TimeSpan.Zero);
    }

    private TimeSpan AgeOf(PendingReserve call) => time.GetElapsedTime(call.Since);
}

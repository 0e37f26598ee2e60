using System.Collections.Concurrent;

namespace BoxOffice.Api.Reserving;

/// <summary>
/// One event's waiting calls. Whoever is told that a batch can be taken takes it, and then the next, until nothing
/// waits. An idle queue removes itself, so that made-up ids do not stay in memory.
/// </summary>
internal sealed class EventQueue(
    string eventId, ConcurrentDictionary<string, EventQueue> all, ApiOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingReserve> _waiting = new();
    private int _takers; // each has a batch under way, or is about to take one
    private bool _hasEnded;

    public string EventId => eventId;

    /// <summary>Adds a call, or fails it when too many wait.</summary>
    /// <returns>
    /// True when the caller must have a batch taken; null when this queue has ended, and the call needs another.
    /// </returns>
    public bool? TryAdd(PendingReserve call)
    {
        lock (_gate)
        {
            if (_hasEnded) return null;
            if (_waiting.Count < options.CoalescerWaitingMax) _waiting.Enqueue(call);
            else call.TrySetException(new BusyException("Too many calls wait for this event."));
            if (_takers == options.CoalescerCallsMax) return false;
            _takers++;
            return true;
        }
    }

    /// <summary>The next batch, in the order of arrival; null when nothing waits: then the taker is done.</summary>
    public PendingReserve[]? Take()
    {
        lock (_gate)
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
        lock (_gate)
        {
            while (_waiting.TryPeek(out var call) && (call.Task.IsCompleted || AgeOf(call) > options.ResponseTimeout))
                _waiting.Dequeue().TrySetException(new NotAppliedException("The event was not asked in time."));
            if (_waiting.Count > 0) return true;
            if (--_takers == 0) _hasEnded = all.TryRemove(new(eventId, this));
            return false;
        }
    }

    /// <summary>How many wait, and for how long the first of them has.</summary>
    public (int Count, TimeSpan Oldest) Backlog()
    {
        lock (_gate) return (_waiting.Count, _waiting.TryPeek(out var oldest) ? AgeOf(oldest) : TimeSpan.Zero);
    }

    private TimeSpan AgeOf(PendingReserve call) => time.GetElapsedTime(call.Since);
}

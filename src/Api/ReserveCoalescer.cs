using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api;

/// <summary>
/// Joins the calls that wait for one event into one grain call. There is no timer: a call goes out at once when the event
/// is idle, and what arrives while calls are under way goes out together with the next.
/// </summary>
public sealed class ReserveCoalescer(IGrainFactory grains, IOptions<ApiOptions> options)
{
    private readonly ConcurrentDictionary<string, EventQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>
    /// The event's answer to one call. Throws <see cref="NotAppliedException"/> when too many wait, and what the grain
    /// call throws, to every call that was in it.
    /// </summary>
    public Task<ReserveResult> ReserveAsync(string eventId, in ReserveRequest request)
    {
        while (true)
        {
            var queue = _queues.GetOrAdd(eventId, static (id, self) => new(self, id), this);
            if (queue.TryAdd(request, out var answer)) return answer;
            // It ended in this moment, because nobody was waiting: a new one takes its place.
        }
    }

    /// <summary>One event's waiting calls. It ends when it is idle, so that made-up ids do not stay in memory.</summary>
    private sealed class EventQueue(ReserveCoalescer owner, string eventId)
    {
        private readonly ITicketEventGrain _event = owner._grains.GetGrain<ITicketEventGrain>(eventId);
        private readonly Lock _gate = new();
        private readonly Queue<Waiting> _waiting = new();
        private int _callsUnderWay;
        private bool _hasEnded;

        public bool TryAdd(in ReserveRequest request, out Task<ReserveResult> answer)
        {
            var waiting = new Waiting(request);
            answer = waiting.Task;
            lock (_gate)
            {
                if (_hasEnded) return false;
                if (_waiting.Count >= owner._options.CoalescerWaitingMax)
                    throw new NotAppliedException("Too many calls wait for this event.");
                _waiting.Enqueue(waiting);
                if (_callsUnderWay == owner._options.CoalescerCallsMax) return true;
                _callsUnderWay++;
            }
            _ = CallWhileWaiting();
            return true;
        }

        private async Task CallWhileWaiting()
        {
            while (TakeBatch() is { } batch) await Call(batch);
        }

        private Waiting[]? TakeBatch()
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    var batch = new Waiting[Math.Min(_waiting.Count, owner._options.CoalescerBatchMax)];
                    for (var i = 0; i < batch.Length; i++) batch[i] = _waiting.Dequeue();
                    return batch;
                }
                if (--_callsUnderWay == 0)
                {
                    _hasEnded = true;
                    owner._queues.TryRemove(new(eventId, this));
                }
                return null;
            }
        }

        private async Task Call(Waiting[] batch)
        {
            try
            {
                var results = await _event.Reserve(Array.ConvertAll(batch, waiting => waiting.Request));
                for (var i = 0; i < batch.Length; i++) batch[i].SetResult(results[i]);
            }
            catch (Exception e)
            {
                foreach (var waiting in batch) waiting.SetException(e);
            }
        }
    }

    // Continuations run on the thread pool: answering one buyer must not delay the answers of the rest of the batch.
    private sealed class Waiting(ReserveRequest request)
        : TaskCompletionSource<ReserveResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public ReserveRequest Request => request;
    }

    private readonly IGrainFactory _grains = grains;
    private readonly ApiOptions _options = options.Value;
}

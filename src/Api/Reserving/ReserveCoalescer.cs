using System.Collections.Concurrent;
using BoxOffice.Api.Collections;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Reserving;

/// <summary>
/// Joins calls that wait for one event into batches. A call is sent at once when its event is idle; calls that arrive
/// while a batch is under way form the next. When a silo fails or is silent, a call with a key is retried: the event
/// answers it as it answered the first time.
/// </summary>
public sealed class ReserveCoalescer(
    BatchSender sender, RetryPolicy retry, SoldOutLatches latches, IOptions<ApiOptions> options, TimeProvider time)
{
    private static readonly Task<DecidedCall> SoldOut = Task.FromResult(new DecidedCall(new(ReserveStatus.SoldOut)));

    private readonly ActiveMap<string, EventQueue> _queues = new(lifetime => new(lifetime, options.Value, time));
    private readonly ConcurrentDictionary<CallKey, TaskCompletionSource> _keys = new();

    /// <summary>Events for which calls wait or are under way.</summary>
    public int EventCount => _queues.Count;

    /// <summary>How many calls wait, for all events, and how long the oldest has waited.</summary>
    public (int Count, TimeSpan Oldest) Backlog()
    {
        var queues = _queues.Values.Select(queue => queue.Backlog()).ToList();
        return (queues.Sum(queue => queue.Count), queues.Select(queue => queue.Oldest).DefaultIfEmpty().Max());
    }

    /// <summary>
    /// The event's answer to one call. Fails with <see cref="BusyException"/> when too many calls wait, with
    /// <see cref="NotAppliedException"/> when it was not sent within <see cref="ApiOptions.ResponseTimeout"/>, and with
    /// the failure of the grain call when it cannot be retried, or not within that time.
    /// </summary>
    public Task<DecidedCall> ReserveAsync(string eventId, in ReserveRequest request)
    {
        if (latches.Refuses(eventId, request)) return SoldOut;
        return request.Key is null ? RetryAsync(eventId, request) : RetryInTurnAsync(eventId, request);
    }

    /// <summary>
    /// Runs requests with one key one after the other: the second must not be refused while an attempt of the first may
    /// still sell.
    /// </summary>
    private async Task<DecidedCall> RetryInTurnAsync(string eventId, ReserveRequest request)
    {
        var key = new CallKey(eventId, request.MemberId, request.Key!);
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_keys.GetOrAdd(key, turn) is var first && first != turn) await first.Task;
        try
        {
            return await RetryAsync(eventId, request);
        }
        finally
        {
            _keys.TryRemove(key, out _);
            turn.SetResult();
        }
    }

    private Task<DecidedCall> RetryAsync(string eventId, ReserveRequest request)
    {
        var since = time.GetTimestamp();
        PendingReserve? last = null;
        return retry.RunAsync(attempt =>
        {
            var pending = new PendingReserve(request, attempt, since);
            last?.Next = pending;
            last = pending;
            Enqueue(eventId, pending);
            return pending.Task;
        }, isFinal: decided => decided.Answer.Reservation is not null, mayRepeat: request.Key is not null);
    }

    private void Enqueue(string eventId, PendingReserve call)
    {
        if (_queues.Use(eventId, call, static (queue, call) => queue.Add(call) ? queue : null) is { } ready)
            sender.Send(ready);
    }

    private readonly record struct CallKey(string EventId, string MemberId, string Key);
}

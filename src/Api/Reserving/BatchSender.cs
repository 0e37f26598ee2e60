using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BoxOffice.Api.Routing;
using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Reserving;

/// <summary>
/// Takes batches from event queues, sends them and completes them. For each silo a loop sends one message at a time,
/// with batches of all its events that wait. There is no timer: a call that arrives while no message is under way is
/// sent at once.
/// </summary>
/// <remarks>
/// With 256 buyers at 1,000 events a sale cost 77 µs of two cores with a message for each event, and 49 to 65 with
/// joined messages: a message costs each side some 24 µs (bench/Measure -- peers --scenarios hot-256,events-1000). Two
/// messages at a time were not better than one.
/// </remarks>
public sealed class BatchSender(
    Router router, RetryPolicy retry, SoldOutLatches latches, IOptions<ApiOptions> options, TimeProvider time)
{
    private const ConfigureAwaitOptions WithoutThrowing = ConfigureAwaitOptions.SuppressThrowing;

    private readonly ConditionalWeakTable<SiloConnection, Channel<EventQueue>> _ready = [];

    /// <summary>
    /// Sends a queue's batches until nothing waits: together with other events' batches when the owner is known and
    /// takes them. An event that is not known to exist, and a rehearsal, are sent alone: they must not delay others.
    /// </summary>
    internal void Send(EventQueue queue)
    {
        var owner = RehearsalCopy.Is(queue.EventId) ? null : router.BatchOwnerOf(queue.EventId);
        if (owner is not null) _ready.GetValue(owner, Begin).Writer.TryWrite(queue);
        else if (queue.Take() is { } calls) _ = DeliverAloneAsync(new(queue, calls, latches, time));
    }

    private Channel<EventQueue> Begin(SiloConnection silo)
    {
        var ready = Channel.CreateUnbounded<EventQueue>(new() { AllowSynchronousContinuations = true });
        _ = SendTogetherAsync(silo, ready.Reader);
        return ready;
    }

    private async Task SendTogetherAsync(SiloConnection silo, ChannelReader<EventQueue> ready)
    {
        Activity.Current = null; // the first caller's; the loop serves all
        while (await ready.WaitToReadAsync())
        {
            var (batches, callsCount) = (new List<ReserveBatch>(), 0);
            while (callsCount < options.Value.CoalescerBatchMax && ready.TryRead(out var queue))
            {
                if (queue.Take() is not { } calls) continue;
                var batch = new ReserveBatch(queue, calls, latches, time);
                callsCount += calls.Length;
                if (batch.GoesAlone) _ = DeliverAloneAsync(batch);
                else batches.Add(batch);
            }
            // A silo that hangs delays the next message no longer than an event that hangs.
            await SendAsync(silo, batches).WaitAsync(IReserveBatchGrain.Patience, time).ConfigureAwait(WithoutThrowing);
        }
    }

    private Task SendAsync(SiloConnection silo, List<ReserveBatch> batches)
    {
        if (batches.Count < 2) return Task.WhenAll(batches.Select(DeliverAloneAsync)); // an ordinary call is cheaper
        var answers = AskSiloAsync(silo, batches);
        return Task.WhenAll(batches.Select((batch, i) => DeliverAsync(batch, AnswerOfAsync(silo, answers, i))));
    }

    private async Task<BatchAnswer[]> AskSiloAsync(SiloConnection silo, List<ReserveBatch> batches) =>
        await silo.Batches!.Reserve(
            [.. batches.Select(batch => new EventCalls(batch.EventId, batch.Requests, retry.ValidUntil))]);

    private static async Task<ReserveResults> AnswerOfAsync(SiloConnection silo, Task<BatchAnswer[]> answers, int index)
    {
        var answer = (await answers)[index];
        try
        {
            if (answer.PendingId is { } id) answer = await silo.Batches!.Pending(id);
        }
        catch (Exception e)
        {
            // The event has the calls; a failure to fetch its answer does not tell their outcome.
            throw new OutcomeUnknownException($"The event was late, and its answer could not be fetched. {e.Message}");
        }
        return answer.Results ?? throw answer.Failure!;
    }

    private async Task DeliverAloneAsync(ReserveBatch batch)
    {
        using var trace = Tracing.Begin("reserve batch", batch.Calls.Select(call => call.Caller), ActivityKind.Client);
        trace?.SetTag("boxoffice.batch.size", batch.Calls.Count);
        await DeliverAsync(batch, AskEventAsync(batch));
    }

    private async Task<ReserveResults> AskEventAsync(ReserveBatch batch) =>
        await router.For(batch.EventId, batch.Attempt).Grains.TicketEvent(batch.EventId)
            .Reserve(batch.Requests, retry.ValidUntil);

    /// <summary>Completes the batch, and sends what its queue has received meanwhile.</summary>
    private async Task DeliverAsync(ReserveBatch batch, Task<ReserveResults> answer)
    {
        await CompleteAsync(batch, answer);
        if (!batch.Queue.HasMore()) return;
        await Task.Yield(); // requests that arrived meanwhile join the next batch
        Send(batch.Queue);
    }

    /// <summary>
    /// Completes the batch with the answer, or fails it when there is none within
    /// <see cref="ApiOptions.AttemptTimeout"/>.
    /// </summary>
    private async Task CompleteAsync(ReserveBatch batch, Task<ReserveResults> answer)
    {
        await ((Task)answer).WaitAsync(options.Value.AttemptTimeout, time).ConfigureAwait(WithoutThrowing);
        var isSilent = !answer.IsCompleted;
        if (isSilent) router.Forget(batch.EventId);
        if (isSilent) batch.Fail(new TimeoutException("The event's silo did not answer in time."), isSilent);
        var completed = UseAnswerAsync(batch, answer);
        if (!isSilent) await completed;
    }

    private async Task UseAnswerAsync(ReserveBatch batch, Task<ReserveResults> answer)
    {
        try
        {
            var results = await answer;
            if (results.Results is not [{ Status: ReserveStatus.EventNotFound }, ..]) // a made-up id has no owner
                router.Learn(
                    batch.EventId, results.Gateway, results.Turn + results.Store >= IReserveBatchGrain.Patience);
            latches.Learn(batch.EventId, results.SoldOutAt, batch.AskedAt);
            if (batch.Complete(results) is { } rest) await CompleteAsync(rest, AskEventAsync(rest));
        }
        catch (Exception e)
        {
            router.Forget(batch.EventId);
            batch.Fail(e);
        }
    }
}

using Orleans.Concurrency;

namespace BoxOffice.Grains.Events;

/// <summary>Passes the calls of a batch to their events, and waits briefly for each answer.</summary>
[StatelessWorker(1), Reentrant, GrainType("silo-door")]
public sealed class ReserveBatchGrain(PendingResults pending, TimeProvider time) : Grain, IReserveBatchGrain
{
    /// <inheritdoc/>
    public async Task<BatchAnswer[]> Reserve(EventCalls[] calls)
    {
        var asked = Array.ConvertAll(calls, AskAsync);
        await ((Task)Task.WhenAll(asked)).WaitAsync(IReserveBatchGrain.Patience, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return await Task.WhenAll(Array.ConvertAll(asked, answer =>
            answer.IsCompleted ? answer : Task.FromResult(new BatchAnswer(PendingId: pending.Keep(answer)))));
    }

    /// <inheritdoc/>
    public Task<BatchAnswer> Pending(long id) =>
        pending.Take(id) ?? throw new OutcomeUnknownException("The silo no longer knows this call.");

    private async Task<BatchAnswer> AskAsync(EventCalls calls)
    {
        try
        {
            return new(await GrainFactory.BatchedEvent(calls.EventId).Reserve(calls.Requests, calls.ValidUntil));
        }
        catch (Exception e)
        {
            return new(Failure: e);
        }
    }
}

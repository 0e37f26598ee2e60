using Orleans.Concurrency;

namespace BoxOffice.Grains;

/// <summary>The door of one silo: hands calls on to its events, and waits for none of them longer than a moment.</summary>
[StatelessWorker(1), Reentrant, GrainType("silo-door")]
public sealed class SiloDoorGrain(LateAnswers late, TimeProvider time) : Grain, ISiloDoorGrain
{
    /// <inheritdoc/>
    public async Task<JoinedAnswer[]> Reserve(EventCalls[] calls)
    {
        var asked = Array.ConvertAll(calls, AskAsync);
        var all = Task.WhenAll(asked);
        await ((Task)all).WaitAsync(ISiloDoorGrain.Patience, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (all.IsCompleted) return await all;
        return await Task.WhenAll(asked.Select(one => one.IsCompleted ? one : Task.FromResult(new JoinedAnswer(LateNumber: late.Keep(one)))));
    }

    /// <inheritdoc/>
    public Task<JoinedAnswer> Late(long number) =>
        late.Take(number) ?? throw new OutcomeUnknownException("The silo does not know of this call any more.");

    private async Task<JoinedAnswer> AskAsync(EventCalls calls)
    {
        try
        {
            return new(await GrainFactory.JoinedEvent(calls.EventId).Reserve(calls.Requests, calls.ValidUntil));
        }
        catch (Exception e)
        {
            return new(Failure: e);
        }
    }
}

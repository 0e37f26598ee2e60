using Orleans.Concurrency;

namespace BoxOffice.Grains;

/// <summary>The door of one silo: hands calls on to its events, and waits for none of them longer than a moment.</summary>
[StatelessWorker(1), Reentrant, GrainType("silo-door")]
public sealed class SiloDoorGrain(TimeProvider time) : Grain, ISiloDoorGrain
{
    /// <summary>Several commits of a healthy database: an event that takes longer replays its journal, or has other trouble of its own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>How long an answer is kept for a front-end that does not fetch it. One that lives has asked for it at once.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private readonly Dictionary<long, Task<JoinedAnswer>> _late = [];

    /// <inheritdoc/>
    public async Task<JoinedAnswer[]> Reserve(EventCalls[] calls)
    {
        var asked = Array.ConvertAll(calls, AskAsync);
        var all = Task.WhenAll(asked);
        await ((Task)all).WaitAsync(Patience, time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return all.IsCompleted ? await all : await Task.WhenAll(asked.Select(one => one.IsCompleted ? one : Task.FromResult(Keep(one))));
    }

    /// <inheritdoc/>
    public Task<JoinedAnswer> Late(long number) =>
        _late.Remove(number, out var answer) ? answer : throw new OutcomeUnknownException("The silo does not know of this call any more.");

    private async Task<JoinedAnswer> AskAsync(EventCalls calls)
    {
        try
        {
            return new(await GrainFactory.TicketEvent(calls.EventId).Reserve(calls.Requests, calls.ValidUntil));
        }
        catch (Exception e)
        {
            return new(Failure: e);
        }
    }

    private JoinedAnswer Keep(Task<JoinedAnswer> answer)
    {
        var number = Random.Shared.NextInt64(); // whoever asks for one of an earlier silo in this place must not get another's answer
        _late.Add(number, answer);
        _ = ForgetAsync(number, answer);
        return new(LateNumber: number);
    }

    private async Task ForgetAsync(long number, Task answer)
    {
        await answer;
        await Task.Delay(KeptFor, time);
        _late.Remove(number);
    }
}

using System.Diagnostics;
using BoxOffice.Api.Silos;
using BoxOffice.Grains;

namespace BoxOffice.Api;

/// <summary>One time that a batch of calls is asked for.</summary>
/// <param name="Number">From 1.</param>
/// <param name="ValidUntil">The event decides nothing after this moment of its own clock.</param>
/// <param name="BegunAt">A timestamp, taken after <paramref name="ValidUntil"/> was.</param>
/// <param name="Pause">Before the next one.</param>
internal readonly record struct Attempt(int Number, DateTimeOffset ValidUntil, long BegunAt, TimeSpan Pause);

/// <summary>
/// One call, until its answer. A sale is true whichever attempt made it. A refusal and a failure count only while their attempt is
/// the last: the next may sell.
/// </summary>
/// <remarks>
/// Continuations run on the thread pool: answering one buyer must not delay the answers of the rest of the batch.
/// </remarks>
/// <param name="request">What is asked.</param>
/// <param name="since">The timestamp of its arrival.</param>
/// <param name="undecidedUntil">When an attempt of another request with the same key may still be carried out: until then.</param>
internal sealed class WaitingCall(ReserveRequest request, long since, long undecidedUntil = long.MinValue)
    : TaskCompletionSource<DecidedCall>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private const int Told = 0;

    private int _attempt = 1;

    public ReserveRequest Request => request;

    /// <summary>The timestamp of its arrival.</summary>
    public long Since => since;

    /// <summary>Whose trace is kept; usually null.</summary>
    public Activity? Caller { get; } = Tracing.Caller;

    /// <summary>A timestamp: until then an attempt that was given up may still be carried out, after a later one was refused.</summary>
    public long UndecidedUntil { get; private set; } = undecidedUntil;

    /// <summary>True when an attempt may have been carried out: no later failure can take that back.</summary>
    public bool IsInDoubt => UndecidedUntil != long.MinValue;

    /// <summary>False when the call was answered, or asked for again, meanwhile.</summary>
    public bool IsAt(int attempt) => Volatile.Read(ref _attempt) == attempt;

    /// <summary>Leaves an attempt for the next one. False when the call was answered, or asked for again, meanwhile.</summary>
    public bool TryGoOn(int attempt) => TryMove(attempt, attempt + 1);

    public void Doubt(long until) => UndecidedUntil = Math.Max(UndecidedUntil, until);

    public void TellSold(in DecidedCall decided)
    {
        Volatile.Write(ref _attempt, Told);
        TrySetResult(decided);
    }

    public void TellRefused(in DecidedCall decided, int attempt)
    {
        if (TryMove(attempt, Told)) TrySetResult(decided);
    }

    /// <param name="failure">What is known.</param>
    /// <param name="attempt">The one that failed; 1 also when the call was not sent at all.</param>
    public void Fail(Exception failure, int attempt = 1)
    {
        if (!TryMove(attempt, Told)) return;
        TrySetException(IsInDoubt && Repeats.IsNothingDone(failure)
            ? new OutcomeUnknownException($"An earlier attempt may have been carried out. {failure.Message}")
            : failure);
    }

    private bool TryMove(int from, int to) => Interlocked.CompareExchange(ref _attempt, to, from) == from;
}

using System.Diagnostics;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Api.Reserving;

/// <summary>
/// What the event decided about one call, and where the time went between the coalescer's entry and back.
/// </summary>
/// <param name="Answer">What it decided.</param>
/// <param name="Queue">Waiting for the call before, on the way, and for the event's turn.</param>
/// <param name="Turn">The event's turn.</param>
/// <param name="Store">Until it was durable.</param>
/// <param name="BatchCalls">
/// How many calls went together, for the first of them; 0 for the others, and when none was made.
/// </param>
public readonly record struct DecidedCall(
    ReserveResult Answer, TimeSpan Queue = default, TimeSpan Turn = default, TimeSpan Store = default,
    int BatchCalls = 0);

/// <summary>One attempt of one reserve call, until its answer.</summary>
/// <remarks>
/// Continuations run on the thread pool: answering one buyer must not delay the answers of the rest of the batch.
/// </remarks>
/// <param name="request">What is asked.</param>
/// <param name="attempt">The attempt's number, from 1.</param>
/// <param name="since">The timestamp of the call's arrival.</param>
internal sealed class PendingReserve(ReserveRequest request, int attempt, long since)
    : TaskCompletionSource<DecidedCall>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public ReserveRequest Request => request;

    public int Attempt => attempt;

    public long Since => since;

    /// <summary>The caller's trace, when it is kept; usually null.</summary>
    public Activity? Caller { get; } = Tracing.Caller;

    /// <summary>The call's next attempt, which began when this one was given up.</summary>
    public PendingReserve? Next { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>
    /// Gives the answer. A sale is true whichever attempt made it; a refusal counts for its own attempt only.
    /// </summary>
    public void Tell(in DecidedCall decided)
    {
        TrySetResult(decided);
        if (decided.Answer.Reservation is null) return;
        for (var next = Next; next is not null; next = next.Next) next.TrySetResult(decided);
    }
}

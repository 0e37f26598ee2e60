using System.Diagnostics;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Api.Reserving;

/// <summary>
/// The event's decision about one call, and the times of its stages between entering and leaving the coalescer.
/// </summary>
/// <param name="Answer">The decision.</param>
/// <param name="Queue">Waiting for the batch before, on the network, and for the event's turn.</param>
/// <param name="Turn">The event's turn.</param>
/// <param name="Store">Until the decision was durable.</param>
/// <param name="BatchCalls">
/// How many calls the batch had, for its first call; 0 for the others, and when no grain call was made.
/// </param>
public readonly record struct DecidedCall(
    ReserveResult Answer, TimeSpan Queue = default, TimeSpan Turn = default, TimeSpan Store = default,
    int BatchCalls = 0);

/// <summary>One attempt of one reserve call, until its answer.</summary>
/// <remarks>
/// Continuations run on the thread pool: answering one buyer must not delay the answers of the rest of the batch.
/// </remarks>
/// <param name="request">The request.</param>
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

    /// <summary>The call's next attempt, which began when this one timed out.</summary>
    public PendingReserve? Next { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>
    /// Completes the attempt. A sale also completes all later attempts; a refusal counts for its own attempt only.
    /// </summary>
    public void Complete(in DecidedCall decided)
    {
        TrySetResult(decided);
        if (decided.Answer.Reservation is null) return;
        for (var next = Next; next is not null; next = next.Next) next.TrySetResult(decided);
    }
}

using System.Threading.Channels;

namespace BoxOffice.Api.Tests;

/// <summary>An event with reserve calls only.</summary>
internal abstract class FakeEvent : ITicketEventGrain
{
    public abstract Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil);

    public Task<RepairResult> Repair(long upTo, string actor, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public Task<EventResult> Open(EventTerms terms, string actor, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public Task<EventResult> Change(TermsChange change, string actor, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public Task<EventResult> Pause(string actor, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public Task<EventResult> Resume(string actor, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public virtual Task<EventStatus?> Status() => throw new NotSupportedException();

    public Task<SoldOutNotice?> SoldOut() => throw new NotSupportedException();

    public Task<ReservationResult> Confirm(string memberId, long sequence, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public Task<ReservationResult> Cancel(string memberId, long sequence, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public Task<ReservationResult> Find(string memberId, long sequence, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public Task<Reservation[]> ReservationsOf(string memberId, int countMax, DateTimeOffset? validUntil = null) =>
        throw new NotSupportedException();

    public Task<ExportedReservation[]> Export(long after, int countMax) => throw new NotSupportedException();

    public Task Discard() => throw new NotSupportedException();
}

/// <summary>An event whose calls a test answers one by one.</summary>
internal sealed class AskedGrain : FakeEvent
{
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();

    public Task<Call> NextCallAsync() =>
        _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    public override async Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil)
    {
        var answer = new Call(requests);
        _calls.Writer.TryWrite(answer);
        var status = await answer.Task;
        Reservation? reservation = status == ReserveStatus.Reserved
            ? new Reservation(1, 1, ReservationState.Confirmed, default, null)
            : null;
        return new(Array.ConvertAll(requests, _ => new ReserveResult(status, reservation)), "");
    }

    public sealed class Call(ReserveRequest[] requests) : TaskCompletionSource<ReserveStatus>
    {
        public ReserveRequest[] Requests => requests;
    }
}

/// <summary>An event that answers when it is released, with the quantity of each request.</summary>
internal sealed class HeldGrain : FakeEvent
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<int> BatchSizes { get; } = [];

    /// <summary>The quantities of all requests, in their order.</summary>
    public List<int> Quantities { get; } = [];

    /// <summary>The failure of the n-th call.</summary>
    public Dictionary<int, Exception> Failures { get; } = [];

    public DateTimeOffset ValidUntil { get; private set; }

    public TimeSpan Turn { get; init; }

    public TimeSpan Store { get; init; }

    /// <summary>From this call on answers do not wait for <see cref="Release"/>.</summary>
    public int AnswersFromCall { get; init; } = int.MaxValue;

    /// <summary>From this call on calls are not applied.</summary>
    public int FailsFromCall { get; init; } = int.MaxValue;

    public void Release() => _released.SetResult();

    public override async Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil)
    {
        int call;
        ValidUntil = validUntil;
        lock (BatchSizes)
        {
            BatchSizes.Add(requests.Length);
            Quantities.AddRange(requests.Select(request => request.Quantity));
            call = BatchSizes.Count;
        }
        if (call < AnswersFromCall) await _released.Task;
        if (call >= FailsFromCall) throw new NotAppliedException("The event is changing owners.");
        if (Failures.TryGetValue(call, out var failure)) throw failure;
        var results = Array.ConvertAll(requests, request => new ReserveResult(
            ReserveStatus.Reserved, new Reservation(1, request.Quantity, ReservationState.Confirmed, default, null)));
        return new(results, "", Turn: Turn, Store: Store);
    }
}

namespace BoxOffice.Api.Tests;

/// <summary>An event that can only be asked for tickets.</summary>
internal abstract class FakeEvent : ITicketEventGrain
{
    public abstract Task<ReserveResults> Reserve(ReserveRequest[] requests, DateTimeOffset validUntil);

    public Task<RepairResult> Repair(long upTo, string actor, DateTimeOffset? validUntil = null) => throw new NotSupportedException();

    public Task<EventResult> Open(EventTerms terms, string actor, DateTimeOffset? validUntil = null) => throw new NotSupportedException();

    public Task<EventResult> Change(TermsChange change, string actor, DateTimeOffset? validUntil = null) => throw new NotSupportedException();

    public Task<EventResult> Pause(string actor, DateTimeOffset? validUntil = null) => throw new NotSupportedException();

    public Task<EventResult> Resume(string actor, DateTimeOffset? validUntil = null) => throw new NotSupportedException();

    public virtual Task<EventStatus?> Status() => throw new NotSupportedException();

    public Task<SoldOutNotice?> SoldOut() => throw new NotSupportedException();

    public Task<ReservationResult> Confirm(string memberId, long sequence, DateTimeOffset? validUntil = null) => throw new NotSupportedException();

    public Task<ReservationResult> Cancel(string memberId, long sequence, DateTimeOffset? validUntil = null) => throw new NotSupportedException();

    public Task<ReservationResult> Find(string memberId, long sequence, DateTimeOffset? validUntil = null) => throw new NotSupportedException();

    public Task<Reservation[]> ReservationsOf(string memberId, int countMax, DateTimeOffset? validUntil = null) => throw new NotSupportedException();

    public Task<ExportedReservation[]> Export(long after, int countMax) => throw new NotSupportedException();

    public Task Discard() => throw new NotSupportedException();
}

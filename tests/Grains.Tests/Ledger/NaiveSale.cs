namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>One reservation in the naive model: what was done with it. Its state at any moment follows.</summary>
internal sealed class NaiveSale
{
    public required long Sequence { get; init; }
    public required string Member { get; init; }
    public required string? Key { get; init; }
    public required int Quantity { get; init; }
    public required DateTimeOffset ReservedAt { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    public bool IsConfirmed { get; set; }
    public bool IsCancelled { get; set; }
    public bool IsExpiryWritten { get; set; }

    public Reservation AsFirstAnswered => new(
        Sequence,
        Quantity,
        ExpiresAt is null ? ReservationState.Confirmed : ReservationState.Held,
        ReservedAt,
        ExpiresAt);

    public Reservation AsItStandsAt(DateTimeOffset now) => new(Sequence, Quantity, StateAt(now), ReservedAt, ExpiresAt);

    public ReservationState StateAt(DateTimeOffset now) =>
        IsCancelled ? ReservationState.Cancelled
        : IsConfirmed ? ReservationState.Confirmed
        : now >= ExpiresAt ? ReservationState.Expired
        : ReservationState.Held;
}

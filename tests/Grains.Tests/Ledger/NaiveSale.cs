namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>One reservation in the naive model: its history. Its state at any moment follows.</summary>
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

    public Reservation AsFirstAnswered(DateTimeOffset now, TimeSpan ahead) =>
        AsItStandsAt(now, ahead) with
        {
            State = ExpiresAt is null ? ReservationState.Confirmed : ReservationState.Held,
        };

    /// <summary>
    /// The end of a live hold is reported by the clock, which is behind the event's time when that is ahead.
    /// </summary>
    public Reservation AsItStandsAt(DateTimeOffset now, TimeSpan ahead) => new(
        Sequence, Quantity, StateAt(now), ReservedAt,
        StateAt(now) == ReservationState.Held ? ExpiresAt - ahead : ExpiresAt);

    public ReservationState StateAt(DateTimeOffset now) =>
        IsCancelled ? ReservationState.Cancelled
        : IsConfirmed ? ReservationState.Confirmed
        : now >= ExpiresAt ? ReservationState.Expired
        : ReservationState.Held;
}

namespace BoxOffice.Testing.Faults;

/// <summary>
/// A reservation, from its journal rows. Its transitions are given by their sequences; 0: did not happen.
/// </summary>
internal sealed class StoredReservation(StoredEntry reserved)
{
    public StoredEntry Reserved => reserved;

    public long Sequence => reserved.Sequence;

    public string Owner => reserved.Actor;

    public int Quantity => reserved.Quantity;

    /// <summary>Sold without a hold.</summary>
    public bool WasConfirmedAtOnce => reserved.ExpiresAt is null;

    public long ConfirmedAt { get; set; }

    public long CancelledAt { get; set; }

    public long ExpiredAt { get; set; }

    /// <summary>The state after its last entry.</summary>
    public StoredKind State { get; set; } = reserved.ExpiresAt is null ? StoredKind.Confirmed : StoredKind.Reserved;

    public bool IsHeld => State == StoredKind.Reserved;

    public bool IsLive => State is StoredKind.Reserved or StoredKind.Confirmed;
}

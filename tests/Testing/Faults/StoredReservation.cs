namespace BoxOffice.Testing.Faults;

/// <summary>One reservation as the journal tells its story, by sequences; 0 where something never happened.</summary>
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

    /// <summary>What the last entry about it made of it.</summary>
    public StoredKind State { get; set; } = reserved.ExpiresAt is null ? StoredKind.Confirmed : StoredKind.Reserved;

    public bool IsHeld => State == StoredKind.Reserved;

    public bool IsLive => State is StoredKind.Reserved or StoredKind.Confirmed;
}

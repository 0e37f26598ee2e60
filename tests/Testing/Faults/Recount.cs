namespace BoxOffice.Testing.Faults;

/// <summary>
/// Recounts an event from its rows in the simplest way, and checks every row against the rules of sale. Shares no code
/// with the ledger. A row that breaks a rule is reported, and counted where possible, so that later rows are checked
/// too.
/// </summary>
internal sealed class Recount
{
    private readonly Findings _findings;
    private readonly PriorityQueue<StoredReservation, DateTimeOffset> _holds = new();
    private readonly List<int> _changes = []; // indexes of the few states with new terms
    private StoredTerms? _terms;
    private bool _isPaused;
    private int _held;
    private int _confirmed;
    private int _entriesCounted;

    private Recount(StoredJournal journal, Findings findings)
    {
        _findings = findings;
        Entries = journal.Entries;
        States = new EventState[Entries.Count + 1];
    }

    public IReadOnlyList<StoredEntry> Entries { get; }

    /// <summary>The state before the first entry, and after each entry.</summary>
    public EventState[] States { get; }

    /// <summary>All reservations by their sequence.</summary>
    public Dictionary<long, StoredReservation> Reservations { get; } = [];

    /// <summary>The tickets of each member, from which state on (an index of <see cref="States"/>), in order.</summary>
    public Dictionary<string, List<(int From, int Used)>> UsedBy { get; } = [];

    /// <summary>The lowest limit per member that was in force in a range of states, both ends included.</summary>
    public int LimitMin(int first, int last)
    {
        var limit = States[first].Terms?.MaxPerMember ?? int.MaxValue;
        foreach (var changed in _changes)
        {
            if (changed > first && changed <= last) limit = Math.Min(limit, States[changed].Terms!.MaxPerMember);
        }
        return limit;
    }

    public static Recount Of(StoredJournal journal, Findings findings)
    {
        var recount = new Recount(journal, findings);
        for (var i = 0; i < journal.Entries.Count; i++) recount.CountNext(i);
        return recount;
    }

    private void CountNext(int index)
    {
        CheckOrder(index);
        _entriesCounted = index + 1;
        Count(Entries[index]);
        States[index + 1] = new(_terms, _held, _confirmed, _isPaused, FirstExpiry());
    }

    private void CheckOrder(int index)
    {
        var entry = Entries[index];
        var previous = index == 0 ? null : Entries[index - 1];
        _findings.Require(entry.Sequence == (previous?.Sequence ?? 0) + 1, Promise.Conservation, entry,
            $"its sequence does not follow {previous?.Sequence ?? 0}");
        _findings.Require(previous is null || entry.DecidedAt >= previous.DecidedAt, Promise.Conservation, entry,
            $"it was decided before the entry before it");
        _findings.Require(entry.Kind == StoredKind.Opened == (_terms is null), Promise.Conservation, entry,
            $"the event was {(_terms is null ? "not opened" : "opened twice")}");
    }

    private void Count(StoredEntry entry)
    {
        switch (entry.Kind)
        {
            case StoredKind.Opened or StoredKind.Changed: CountTerms(entry); break;
            case StoredKind.Reserved: CountReserved(entry); break;
            case StoredKind.Confirmed or StoredKind.Cancelled or StoredKind.Expired: CountTransition(entry); break;
            case StoredKind.Paused or StoredKind.Resumed: _isPaused = entry.Kind == StoredKind.Paused; break;
            case StoredKind.TakenOver: break; // marks a new owner, and sells nothing
            default: _findings.Add(Promise.Conservation, entry, $"its kind {entry.Kind} is unknown"); break;
        }
    }

    private void CountTerms(StoredEntry entry)
    {
        _findings.Require(entry.Terms is not null, Promise.Conservation, entry, $"it has no terms");
        _terms = entry.Terms ?? _terms;
        _changes.Add(_entriesCounted);
        CheckStock(entry);
    }

    private void CountReserved(StoredEntry entry)
    {
        _findings.Require(entry.Quantity >= 1, Promise.Conservation, entry, $"it reserves {entry.Quantity}");
        _findings.Require(entry.ReservationSequence == entry.Sequence, Promise.Conservation, entry,
            $"its reservation has another sequence");
        CheckTerms(entry);

        var reservation = new StoredReservation(entry);
        Reservations[entry.Sequence] = reservation;
        if (entry.ExpiresAt is { } expiresAt) _holds.Enqueue(reservation, expiresAt);
        Move(reservation, +1);
        CheckStock(entry);
    }

    private void CheckTerms(StoredEntry entry)
    {
        if (_terms is null) return;
        var used = UsedNow(entry.Actor);
        _findings.Require(used + entry.Quantity <= _terms.MaxPerMember, Promise.SoldWithinTerms, entry,
            $"{used} and {entry.Quantity} tickets are more than the {_terms.MaxPerMember} that a member may have");
        _findings.Require(!_isPaused, Promise.SoldWithinTerms, entry, $"the sale was paused");
        _findings.Require(
            !(entry.DecidedAt < _terms.OpensAt), Promise.SoldWithinTerms, entry, $"the sale had not begun");
        _findings.Require(!(entry.DecidedAt >= _terms.ClosesAt), Promise.SoldWithinTerms, entry, $"the sale was over");
        DateTimeOffset? end = _terms.HoldSeconds == 0 ? null : entry.DecidedAt.AddSeconds(_terms.HoldSeconds);
        _findings.Require(entry.ExpiresAt == end, Promise.HoldsEndOnTime, entry,
            $"it is held until {entry.ExpiresAt:O}, and should be until {end:O}");
    }

    private void CountTransition(StoredEntry entry)
    {
        if (!Reservations.TryGetValue(entry.ReservationSequence, out var reservation))
        {
            _findings.Add(Promise.Conservation, entry, $"there is no reservation {entry.ReservationSequence}");
            return;
        }
        CheckTransition(entry, reservation);
        var wasLive = reservation.IsLive;
        if (wasLive) Move(reservation, -1);
        if (entry.Kind == StoredKind.Confirmed) reservation.ConfirmedAt = entry.Sequence;
        if (entry.Kind == StoredKind.Cancelled) reservation.CancelledAt = entry.Sequence;
        if (entry.Kind == StoredKind.Expired) reservation.ExpiredAt = entry.Sequence;
        reservation.State = entry.Kind;
        if (!reservation.IsLive) return;
        Move(reservation, +1);
        if (!wasLive) CheckStock(entry);
    }

    private void CheckTransition(StoredEntry entry, StoredReservation reservation)
    {
        var about = $"reservation {reservation.Sequence} of {reservation.Owner}";
        _findings.Require(entry.Actor == reservation.Owner, Promise.OnlyTheOwner, entry, $"it is about {about}");
        _findings.Require(entry.Quantity == reservation.Quantity, Promise.Conservation, entry,
            $"it moves {entry.Quantity} of the {reservation.Quantity} tickets of {about}");

        var isOver = entry.DecidedAt >= reservation.Reserved.ExpiresAt;
        var isExpiry = entry.Kind == StoredKind.Expired;
        if (reservation.IsHeld)
        {
            _findings.Require(isOver == isExpiry, Promise.HoldsEndOnTime, entry,
                $"{about} was held until {reservation.Reserved.ExpiresAt:O}, "
                + $"and this was decided at {entry.DecidedAt:O}");
            return;
        }
        var mayFollow = reservation.State == StoredKind.Confirmed && entry.Kind == StoredKind.Cancelled;
        var isAboutTime = isExpiry || reservation.State == StoredKind.Expired;
        _findings.Require(mayFollow, isAboutTime ? Promise.HoldsEndOnTime : Promise.Conservation, entry,
            $"{about} was {reservation.State} before");
    }

    private void Move(StoredReservation reservation, int direction)
    {
        var tickets = direction * reservation.Quantity;
        if (reservation.IsHeld) _held += tickets;
        else _confirmed += tickets;
        var used = UsedNow(reservation.Owner) + tickets;
        if (!UsedBy.TryGetValue(reservation.Owner, out var changes)) UsedBy[reservation.Owner] = changes = [];
        if (changes.Count > 0 && changes[^1].From == _entriesCounted) changes.RemoveAt(changes.Count - 1);
        changes.Add((_entriesCounted, used));
    }

    private int UsedNow(string memberId) => UsedBy.TryGetValue(memberId, out var changes) ? changes[^1].Used : 0;

    private void CheckStock(StoredEntry entry) => _findings.Require(
        _held + _confirmed <= (_terms?.Capacity ?? 0), Promise.NoOversell, entry,
        $"{_held} held and {_confirmed} confirmed are more than the capacity of {_terms?.Capacity ?? 0}");

    private DateTimeOffset? FirstExpiry()
    {
        while (_holds.TryPeek(out var reservation, out var expiresAt))
        {
            if (reservation.IsHeld) return expiresAt;
            _holds.Dequeue();
        }
        return null;
    }
}

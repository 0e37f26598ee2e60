using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// Makes one part of a snapshot from consecutive entries, which it takes one by one. It knows nothing of earlier
/// entries: a change to a reservation of an earlier part is stored as a change.
/// </summary>
public sealed class PartWriter
{
    private readonly string _eventId;
    private readonly SnapshotPart _part; // without its digests at the tail and the end
    private readonly Dictionary<string, int> _numberOf = new(StringComparer.Ordinal);
    private readonly List<Member> _members = [];
    private readonly List<Booking> _bookings = [];
    private readonly Dictionary<long, int> _bookingOf = [];
    private readonly Dictionary<long, ReservationState> _earlier = []; // reservations of earlier parts, by first change
    private UInt128 _digest;
    private UInt128 _tail;
    private DateTimeOffset _lastDecidedAt;
    private string _lastActor = "";
    private EventTerms? _terms;
    private bool? _isPaused;

    /// <summary>Begins a part of an event.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="after">The sequence at which the part before ends; 0 for the first.</param>
    /// <param name="start">The digest there.</param>
    /// <param name="count">Entries of the part.</param>
    public PartWriter(string eventId, long after, UInt128 start, int count)
    {
        (_eventId, Sequence, _digest, _tail) = (eventId, after, start, start);
        _part = new(after, after + count, SnapshotPart.FormatNow, start, Tail: 0, End: 0);
    }

    /// <summary>The last sequence that was taken.</summary>
    public long Sequence { get; private set; }

    /// <summary>True when the part has its number of entries.</summary>
    public bool IsFull => Sequence == _part.Sequence;

    /// <summary>Takes the next entry. Throws <see cref="LedgerBrokenException"/> when it does not follow.</summary>
    public void Add(in JournalEntry entry)
    {
        if (entry.Sequence != Sequence + 1) throw new LedgerBrokenException("a part of a snapshot has no gap", entry);
        switch (entry.Kind)
        {
            case EntryKind.Opened or EntryKind.Changed: _terms = entry.Terms; break;
            case EntryKind.Paused or EntryKind.Resumed: _isPaused = entry.Kind == EntryKind.Paused; break;
            case EntryKind.Reserved: AddReserved(entry); break;
            case EntryKind.Confirmed: SetState(entry, ReservationState.Confirmed); break;
            case EntryKind.Cancelled: SetState(entry, ReservationState.Cancelled); break;
            case EntryKind.Expired: SetState(entry, ReservationState.Expired); break;
            case EntryKind.TakenOver: break;
            default: throw new LedgerBrokenException(nameof(entry.Kind), entry);
        }
        (Sequence, _lastDecidedAt, _lastActor) = (entry.Sequence, entry.DecidedAt, entry.Actor);
        _digest = EntryDigest.After(_digest, entry);
        if (Sequence == _part.TailAfter) _tail = _digest;
    }

    /// <summary>The part, once it <see cref="IsFull"/>.</summary>
    public (SnapshotPart Part, byte[] Bytes) Write()
    {
        if (!IsFull) throw new InvalidOperationException("A part is written when it is full.");
        var part = _part with { Tail = _tail, End = _digest };
        var output = new ArrayBufferWriter<byte>(64 + (_bookings.Count * 64));
        output.Varint(Microseconds(_lastDecidedAt));
        output.Text(_lastActor);
        output.Varint(_isPaused is null ? 0 : _isPaused.Value ? 1 : 2);
        output.Text(TermsJson.Write(_terms) ?? "");
        output.Varint(_members.Count);
        foreach (var member in _members)
        {
            output.Text(member.Id);
            output.Varint(member.LetGo);
            if (member.LetGo > 0) output.Varint(Microseconds(member.ForgottenAt));
        }
        WriteBookings(output);
        output.Varint(_earlier.Count);
        foreach (var (sequence, state) in _earlier)
        {
            output.Varint(sequence);
            output.Varint((long)state);
        }
        output.Write(EntryDigest.ToBytes(ChecksumOf(_eventId, part, output.WrittenSpan)));
        return (part, output.WrittenSpan.ToArray());
    }

    /// <summary>The checksum of a part's bytes, of its description and of its event's id.</summary>
    internal static UInt128 ChecksumOf(string eventId, in SnapshotPart part, ReadOnlySpan<byte> bytes)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes($"{eventId} {part}"));
        hash.Append(bytes);
        return hash.GetCurrentHashAsUInt128();
    }

    private void WriteBookings(ArrayBufferWriter<byte> output)
    {
        output.Varint(_bookings.Count);
        var (sequence, reservedAt) = (_part.After, 0L);
        foreach (var booking in _bookings)
        {
            output.Varint(booking.Sequence - sequence);
            output.Varint(booking.Member);
            output.Varint(booking.Quantity);
            output.Varint((long)booking.State);
            output.Varint(Microseconds(booking.ReservedAt) - reservedAt);
            output.Varint(booking.ExpiresAt is { } expiresAt
                ? Microseconds(expiresAt) - Microseconds(booking.ReservedAt)
                : 0);
            output.Varint(booking.Key is null ? 0 : 1);
            if (booking.Key is not null) output.Text(booking.Key);
            (sequence, reservedAt) = (booking.Sequence, Microseconds(booking.ReservedAt));
        }
    }

    private void AddReserved(in JournalEntry entry)
    {
        _bookingOf.Add(entry.Sequence, _bookings.Count);
        var state = entry.ExpiresAt is null ? ReservationState.Confirmed : ReservationState.Held;
        _bookings.Add(new(
            entry.Sequence, NumberOf(entry.Actor), entry.Quantity, state,
            entry.DecidedAt, entry.ExpiresAt, entry.Key));
    }

    private void SetState(in JournalEntry entry, ReservationState state)
    {
        if (_bookingOf.TryGetValue(entry.ReservationSequence, out var at))
            _bookings[at] = _bookings[at] with { State = state };
        else _earlier[entry.ReservationSequence] = state;
        if (state == ReservationState.Confirmed) return;
        var number = NumberOf(entry.Actor);
        var (id, letGo, forgottenAt) = _members[number];
        // As a ledger that begins here would count. Earlier entries can only change the sum through these two values.
        var from = forgottenAt > entry.DecidedAt ? forgottenAt : entry.DecidedAt;
        _members[number] = new(id, letGo + 1, from + ReservationLedger.CyclePeriod);
    }

    private int NumberOf(string memberId)
    {
        if (_numberOf.TryGetValue(memberId, out var number)) return number;
        _members.Add(new(memberId, 0, default));
        return _numberOf[memberId] = _members.Count - 1;
    }

    private static long Microseconds(DateTimeOffset moment) => moment.UtcTicks / TimeSpan.TicksPerMicrosecond;

    private readonly record struct Member(string Id, int LetGo, DateTimeOffset ForgottenAt);

    private readonly record struct Booking(
        long Sequence, int Member, int Quantity, ReservationState State,
        DateTimeOffset ReservedAt, DateTimeOffset? ExpiresAt, string? Key);
}

using BoxOffice.Testing.Faults;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>
/// A history and a journal, written by hand: rows first, then what members asked and were told. Times are seconds after
/// noon, when the event was opened as sequence 1.
/// </summary>
internal sealed class Evidence(StoredTerms terms)
{
    public const string Gala = "gala";

    private readonly List<StoredEntry> _entries = [new(1, StoredKind.Opened, Noon, Operator, Terms: terms)];
    private readonly List<Operation> _operations = [];
    private int _holdSeconds = terms.HoldSeconds;

    public static Evidence OnSale(int capacity = 10, int maxPerMember = 10, int holdSeconds = 0) =>
        new(new(capacity, maxPerMember, holdSeconds));

    /// <summary>A row for a new reservation. Give a sequence only where it should be wrong.</summary>
    public Evidence Reserved(
        double at,
        string memberId,
        string? key = null,
        int quantity = 1,
        double? heldUntil = null,
        long? sequence = null)
    {
        var own = sequence ?? NextSequence;
        var until = heldUntil ?? (_holdSeconds == 0 ? null : at + _holdSeconds);
        _entries.Add(new(
            own, StoredKind.Reserved, Moment(at), memberId, key, quantity, own,
            until is { } end ? Moment(end) : null));
        return this;
    }

    public Evidence Confirmed(double at, string memberId, long about, int quantity = 1) =>
        About(StoredKind.Confirmed, at, memberId, about, quantity);

    public Evidence Cancelled(double at, string memberId, long about, int quantity = 1) =>
        About(StoredKind.Cancelled, at, memberId, about, quantity);

    public Evidence Expired(double at, string memberId, long about, int quantity = 1) =>
        About(StoredKind.Expired, at, memberId, about, quantity);

    public Evidence Changed(double at, StoredTerms to)
    {
        _holdSeconds = to.HoldSeconds;
        return Row(StoredKind.Changed, at, to);
    }

    public Evidence Row(StoredKind kind, double at, StoredTerms? to = null)
    {
        _entries.Add(new(NextSequence, kind, Moment(at), Operator, Terms: to));
        return this;
    }

    /// <summary>A reserve call that was accepted with the reservation at this sequence.</summary>
    public Evidence Sold(
        string memberId,
        long sequence,
        double sent,
        double told,
        string? key = null,
        int quantity = 1,
        Phase phase = Phase.Sale)
    {
        var entry = _entries.Find(stored => stored.Sequence == sequence);
        var state = entry?.ExpiresAt is null ? "CONFIRMED" : "HELD";
        return Called(
            new(Verb.Reserve, Gala, memberId, key, quantity, Phase: phase), sent, told,
            new(Outcome.Ok, 200, Reservation: new($"{Gala}-{sequence}", quantity, state, sequence, entry?.ExpiresAt)));
    }

    /// <summary>A reserve call that was refused.</summary>
    public Evidence Refused(
        string code,
        string memberId,
        double sent,
        double told,
        string? key = null,
        int quantity = 1,
        int? available = null,
        Phase phase = Phase.Sale) =>
        Called(new(Verb.Reserve, Gala, memberId, key, quantity, Phase: phase), sent, told,
            new(Outcome.Refused, 409, code, available));

    /// <summary>A reserve call whose connection broke.</summary>
    public Evidence Unknown(
        string memberId, double sent, double told, string? key = null, int quantity = 1, Phase phase = Phase.Sale) =>
        Called(
            new(Verb.Reserve, Gala, memberId, key, quantity, Phase: phase), sent, told,
            new(Outcome.Unknown, Code: "CONNECTION_BROKEN"));

    /// <summary>A confirm or cancel that was accepted.</summary>
    public Evidence Did(Verb verb, string memberId, long about, double sent, double told, int quantity = 1) =>
        Called(new(verb, Gala, memberId, Sequence: about), sent, told, new(Outcome.Ok, 200, Reservation:
            new($"{Gala}-{about}", quantity, verb == Verb.Confirm ? "CONFIRMED" : "CANCELLED", about, null)));

    /// <summary>A confirm or cancel that was refused, or (without a code) whose outcome is unknown.</summary>
    public Evidence DidNot(Verb verb, string? code, string memberId, long about, double sent, double told) =>
        Called(new(verb, Gala, memberId, Sequence: about), sent, told,
            code is null ? new(Outcome.Unknown) : new(Outcome.Refused, 409, code));

    /// <summary>Numbers that a client was shown.</summary>
    public Evidence Shown(int available, int held, int confirmed, long version, double sent, double told) =>
        Called(
            new(Verb.Status, Gala), sent, told,
            new(Outcome.Ok, 200, Numbers: new(available, held, confirmed, version)));

    /// <summary>A member looked at a reservation, and was shown this one.</summary>
    public Evidence Found(string memberId, long about, long shown, string status, double sent, double told) =>
        Called(
            new(Verb.Find, Gala, memberId, Sequence: about), sent, told,
            new(Outcome.Ok, 200, List: [new($"{Gala}-{shown}", 1, status, shown, null)]));

    /// <summary>
    /// A list that a member, or (without one) an operator was shown, with a reservation of this member.
    /// </summary>
    public Evidence Listed(string? shownTo, string memberId, long sequence, string status, double sent, double told) =>
        Called(
            new(shownTo is null ? Verb.Export : Verb.Mine, Gala, shownTo ?? ""), sent, told, new(Outcome.Ok, 200, List:
            [new($"{Gala}-{sequence}", 1, status, sequence, null, shownTo is null ? memberId : null)]));

    public Evidence Called(Call call, double sent, double? told = null, Answer? answer = null)
    {
        _operations.Add(new(_operations.Count + 1, call, TimeSpan.FromSeconds(sent),
            told is { } at ? TimeSpan.FromSeconds(at) : null, answer));
        return this;
    }

    public IReadOnlyList<Promise> Broken(AuditOptions? options = null) => Verdict(options).Broken;

    public Verdict Verdict(AuditOptions? options = null) =>
        Audit.Check(History.Of(Noon, _operations), [new StoredJournal(Gala, _entries)], options ?? new());

    private long NextSequence => _entries[^1].Sequence + 1;

    private Evidence About(StoredKind kind, double at, string memberId, long about, int quantity)
    {
        _entries.Add(new(NextSequence, kind, Moment(at), memberId, null, quantity, about));
        return this;
    }

    private static DateTimeOffset Moment(double seconds) => Noon.AddSeconds(seconds);
}

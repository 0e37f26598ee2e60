using System.Collections;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>
/// One sale from its opening to the last call, generated from a seed. After every call the ledger must have answered,
/// counted and written the same as the naive model. At times the owner crashes and continues from the journal; at the
/// end the journal is replayed up to moments in the middle, and the calls after them are repeated.
/// </summary>
internal sealed class SimulatedSale
{
    private const int CallsAgainMax = 10;

    private readonly Random _random;
    private readonly NaiveBoxOffice _model = new();
    private readonly SimulatedCrowd _crowd;
    private readonly List<JournalEntry> _journal = [];
    private readonly List<(SimulatedCall Call, object? Answer, bool IsAhead)> _calls = [];
    private readonly List<Moment> _moments = [];
    private ReservationLedger _ledger = new();
    private int _compared;

    public SimulatedSale(int seed)
    {
        _random = new(seed);
        _crowd = new(_random, _model);
    }

    /// <summary>The progress, for the message of a failure.</summary>
    public string Position => _calls.Count == 0
        ? "before the first call"
        : $"call {_calls.Count} at {_calls[^1].Call.Now:O}, {_calls[^1].Call}";

    public void Run(int callCount)
    {
        for (var i = 0; i < callCount; i++) CallNext();
        WriteAll();
        Crash(_calls[^1].Call.Now);
        foreach (var moment in _moments) Revisit(moment);
    }

    private void CallNext()
    {
        var call = _crowd.Next();
        Make(call);
        SameNumbers();
        Make(new(CallKind.Status, call.Now));
        if (_random.Next(3) == 0) return; // decisions gather for a while

        WriteAll();
        if (_random.Next(25) == 0 && _ledger.ClockAhead is null) Remember(call.Now);
        if (_random.Next(25) == 0) Crash(call.Now);
    }

    private void Make(SimulatedCall call)
    {
        var expected = call.On(_model);
        _calls.Add((call, expected, _model.ClockAhead is not null));

        Same(expected, call.On(_ledger), "the answer");
    }

    private void SameNumbers()
    {
        Same((_model.Available, _model.Held, _model.Confirmed), _ledger.Stock(), "the stock");
        Same(_model.ReservationCount, _ledger.ReservationCount, "the number of reservations");
        Same(_model.MemberCount, _ledger.MemberCount, "the number of members");
        Same(_model.NextExpiry, _ledger.NextExpiry, "the next expiry");
        Same(_model.Terms, _ledger.Terms, "the terms");
        Same(_model.IsPaused, _ledger.IsPaused, "whether it is paused");
        Same((long)_model.Book.Count, _ledger.HeadSequence, "the head");
        Same(_ledger.Terms?.Capacity ?? 0, _ledger.Available + _ledger.Held + _ledger.Confirmed, "the capacity");
    }

    /// <summary>
    /// The journal takes the waiting decisions, in batches of any size, and must get what the model wrote.
    /// </summary>
    private void WriteAll()
    {
        while (_ledger.HasUncommitted && _journal.Count <= _model.Book.Count)
            _journal.AddRange(_ledger.TakeUncommitted(_random.Next(1, 5)));
        Same(_model.Book.Count, _journal.Count, "the number of entries");
        Same(InOneOrder(_model.Book.Skip(_compared)), InOneOrder(_journal.Skip(_compared)), "what was written");
        _compared = _journal.Count;
    }

    /// <summary>Holds that expire in one call may do so in any order; here they are ordered by reservation.</summary>
    private static JournalEntry[] InOneOrder(IEnumerable<JournalEntry> entries) =>
    [
        .. entries
            .Select(entry => entry.Kind == EntryKind.Expired ? entry with { Sequence = 0 } : entry)
            .OrderBy(entry => entry.DecidedAt)
            .ThenBy(entry => entry.Kind == EntryKind.Expired ? entry.ReservationSequence : 0),
    ];

    private void Remember(DateTimeOffset now)
    {
        var export = _ledger.Export(0, int.MaxValue, now);
        Conserved(export);
        _moments.Add(new(_journal.Count, _calls.Count, now, _ledger.Status(now), export));
    }

    /// <summary>No ticket is lost or sold twice: the reservations add up to the numbers.</summary>
    private void Conserved(ExportedReservation[] export)
    {
        var held = export.Where(each => each.Reservation.State == ReservationState.Held).ToArray();
        var confirmed = export.Where(each => each.Reservation.State == ReservationState.Confirmed).ToArray();

        Same(held.Sum(each => each.Reservation.Quantity), _ledger.Held, "what is held in the export");
        Same(confirmed.Sum(each => each.Reservation.Quantity), _ledger.Confirmed, "what is confirmed in the export");
        Same(held.Length + confirmed.Length, _ledger.ReservationCount, "the reservations in the export");
        var members = held.Concat(confirmed).Select(each => each.MemberId).Distinct();
        Same(members.Count(), _ledger.MemberCount, "the members in the export");
    }

    /// <summary>Replaces the owner: the next one knows what the journal has; later calls are made on it.</summary>
    private void Crash(DateTimeOffset now)
    {
        var before = _ledger;
        _ledger = ReplayOf(_journal);
        _model.ChangeOwners();

        Same(before.LastDecidedAt, _ledger.LastDecidedAt, "the last moment after a crash");
        SameNumbers();
        if (before.ClockAhead is not null) return; // the journal does not say by how much: time stands where it ends
        Same(before.Status(now), _ledger.Status(now), "the status after a crash");
        Same(before.Export(0, int.MaxValue, now), _ledger.Export(0, int.MaxValue, now), "the export after a crash");
    }

    /// <summary>A prefix of the journal gives the state of its moment, and the same answers afterwards.</summary>
    private void Revisit(Moment moment)
    {
        var ledger = ReplayOf(_journal[..moment.EntryCount]);

        var then = $"replayed to call {moment.CallCount}";
        Same(moment.Status, ledger.Status(moment.Now), $"{then}, the status");
        Same(moment.Export, ledger.Export(0, int.MaxValue, moment.Now), $"{then}, the export");
        var again = _calls.Skip(moment.CallCount).Take(CallsAgainMax).TakeWhile(each => !each.IsAhead);
        foreach (var (call, answer, _) in again)
            Same(answer, call.On(ledger), $"{then}, the answer to {call}");
    }

    private static void Same(object? expected, object? actual, string what)
    {
        if (!StructuralComparisons.StructuralEqualityComparer.Equals(expected, actual))
            throw new InvalidOperationException($"{what} is {Text(actual)} and not {Text(expected)}");
    }

    private static string Text(object? value) => value is IEnumerable and not string
        ? $"[{string.Join(", ", ((IEnumerable)value).Cast<object>())}]"
        : value?.ToString() ?? "null";

    private sealed record Moment(
        int EntryCount, int CallCount, DateTimeOffset Now, EventStatus? Status, ExportedReservation[] Export);
}

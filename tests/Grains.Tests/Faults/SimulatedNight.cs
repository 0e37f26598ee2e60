using BoxOffice.Grains.Clocks;
using BoxOffice.Grains.Ledger;
using BoxOffice.Testing.Faults;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>
/// A night at an honest box office, generated from a seed: many clients at once, calls and answers that are slow or
/// lost, calls that arrive after their client gave up, repetitions, holds, and a ledger that decides by a
/// clock whose source is set. Its evidence must pass every audit.
/// </summary>
internal sealed class SimulatedNight
{
    private const int MemberCount = 12;
    private const int KeyCount = 4;

    private const int ReadingsPerStep = 20; // seconds, on the average

    private static readonly double[] Steps = [2, 60, 3_600, 86_400];

    // Longer than most nights, and shorter than it takes until a step is believed.
    private const double ForGood = 280;

    private readonly Random _random;
    private readonly Random _clockRandom;
    private readonly SaleClock _clock;
    private readonly ReservationLedger _ledger = new();
    private readonly PriorityQueue<Action, (double At, int Order)> _agenda = new();
    private double _now;
    private int _order;

    private double _readAt = 1; // when the source of the clock is read next
    private double _sourceAhead; // seconds by which the source is wrong
    private double _setBackAt;

    private SimulatedNight(int seed)
    {
        (_random, _clockRandom) = (new(seed), new(~seed));
        _clock = new(Reading(), new BoxOfficeOptions().ClockStepBelievedAfter, new SteadyTime(this));
    }

    public List<Operation> Operations { get; } = [];

    public List<StoredEntry> Entries { get; } = [];

    public static SimulatedNight Of(int seed, int calls, int clients = 16)
    {
        var night = new SimulatedNight(seed);
        night.Run(calls, clients);
        return night;
    }

    public Verdict Verdict() => Audit.Check(History.Of(Noon, Operations), new StoredJournal("1", Entries));

    /// <summary>How often the clock's source was set.</summary>
    public int StepCount { get; private set; }

    private DateTimeOffset Moment => _clock.GetUtcNow();

    private long Ticks => (long)(_now * TimeSpan.TicksPerSecond);

    private void Run(int calls, int clients)
    {
        var terms = new EventTerms("Gala", _random.Next(1, 40), _random.Next(1, 6), _random.Next(3) * 4);
        Store(_ledger.Open(terms, Operator, Moment));
        for (var i = 0; i < clients; i++) After(1, CallNext);
        while (_agenda.TryDequeue(out var action, out var due))
        {
            for (; _readAt <= due.At; _readAt++) ReadClock();
            _now = due.At;
            action();
        }

        void CallNext()
        {
            if (Operations.Count < calls) Send(AnyCall(), CallNext);
        }
    }

    /// <summary>
    /// Each second the owner reads the source of its clock, which may have been set, or set back.
    /// </summary>
    private void ReadClock()
    {
        _now = _readAt;
        if (_sourceAhead != 0 && _now >= _setBackAt) _sourceAhead = 0;
        else if (_sourceAhead == 0 && _clockRandom.Next(ReadingsPerStep) == 0)
        {
            StepCount++;
            _sourceAhead = Steps[_clockRandom.Next(Steps.Length)] * (_clockRandom.Next(2) == 0 ? 1 : -1);
            _setBackAt = _now + (_clockRandom.Next(2) == 0 ? 1 : ForGood);
        }
        _clock.Observe(Reading());
    }

    private ClockReading Reading() => new(Noon.AddTicks(Ticks).AddSeconds(_sourceAhead), Ticks, TimeSpan.Zero);

    private Call AnyCall()
    {
        var member = $"member{_random.Next(MemberCount)}";
        var known = Entries[_random.Next(Entries.Count)];
        var key = _random.Next(4) == 0 ? null : $"k{_random.Next(KeyCount)}";
        return _random.Next(10) switch
        {
            < 6 => new(Verb.Reserve, "1", member, key, _random.Next(1, 4)),
            < 8 => new(
                _random.Next(2) == 0 ? Verb.Confirm : Verb.Cancel, "1", known.Actor, null, 0,
                known.ReservationSequence),
            8 => new(Verb.Cancel, "1", member, null, 0, _random.Next(1, Entries.Count + 2)),
            _ => new(Verb.Status, "1"),
        };
    }

    /// <summary>One call: sent now, decided later or never, answered later or never.</summary>
    private void Send(Call call, Action next)
    {
        var operation = new Operation(Operations.Count + 1, call, TimeSpan.FromSeconds(_now));
        Operations.Add(operation);
        var fate = _random.Next(20);
        if (fate == 0) After(1, () => End(new(Outcome.Unknown))); // lost on its way
        else if (fate == 1)
        {
            After(1, () => End(new(Outcome.Unknown)));
            After(5, () => Decide(call)); // late, when the client may have given up
        }
        else if (fate == 2) After(1, () => End(new(Outcome.Refused, 503, "BUSY")));
        else
        {
            After(0.5, () =>
            {
                var answer = Decide(call);
                After(0.5, () => End(fate == 3 ? new(Outcome.Unknown) : answer)); // its answer may be lost
            });
        }

        void End(Answer answer)
        {
            Operations[(int)operation.Id - 1] =
                operation with { CompletedAt = TimeSpan.FromSeconds(_now), Answer = answer };
            if (answer.Code == "BUSY" || (answer.Outcome == Outcome.Unknown && _random.Next(2) == 0))
                After(0.5, () => Send(call, next));
            else After(0.5, next);
        }
    }

    private Answer Decide(Call call)
    {
        switch (call.Verb)
        {
            case Verb.Reserve: return Told(Store(_ledger.Reserve(new(call.MemberId, call.Key, call.Quantity), Moment)));
            case Verb.Confirm: return Told(Store(_ledger.Confirm(call.MemberId, call.Sequence, Moment)));
            case Verb.Cancel: return Told(Store(_ledger.Cancel(call.MemberId, call.Sequence, Moment)));
            default:
                var status = Store(_ledger.Status("1", Moment))!;
                return new(
                    Outcome.Ok, 200, Numbers: new(status.Available, status.Held, status.Confirmed, status.Version));
        }
    }

    /// <summary>Takes what was decided to the journal.</summary>
    private T Store<T>(T decision)
    {
        foreach (var entry in _ledger.Taken())
        {
            var terms = entry.Terms is { } t ? new StoredTerms(t.Capacity, t.MaxPerMember, t.HoldSeconds) : null;
            Entries.Add(new(
                entry.Sequence, (StoredKind)entry.Kind, entry.DecidedAt, entry.Actor, entry.Key, entry.Quantity,
                entry.ReservationSequence, entry.ExpiresAt, terms));
        }
        return decision;
    }

    private static Answer Told(ReserveResult result) => result.Reservation is { } reservation
        ? Told(reservation)
        : new(Outcome.Refused, 409, CodeOf(result.Status.ToString()), result.Refusal?.Available);

    private static Answer Told(ReservationResult result) => result.Reservation is { } reservation
        ? Told(reservation)
        : new(
            Outcome.Refused, 409,
            result.Status == ReservationStatus.NotFound ? "RESERVATION_NOT_FOUND" : CodeOf(result.Status.ToString()));

    private static Answer Told(Reservation one) => new(Outcome.Ok, 200, Reservation: new(
        $"1-{one.Sequence}", one.Quantity, one.State.ToString().ToUpperInvariant(), one.Sequence,
        one.State == ReservationState.Confirmed ? null : one.ExpiresAt));

    private static string CodeOf(string status) =>
        string.Concat(status.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    /// <summary>True time, in ticks.</summary>
    private sealed class SteadyTime(SimulatedNight night) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => night.Ticks;
    }

    private void After(double secondsMax, Action action) =>
        _agenda.Enqueue(action, (_now + (_random.NextDouble() * secondsMax), _order++));
}

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>
/// Generates the next call and its moment. It reads the naive model to find the moments and reservations for which
/// ledgers go wrong: the tick around an expiry or an edge, keys and ids that exist.
/// </summary>
internal sealed class SimulatedCrowd(Random random, NaiveBoxOffice model)
{
    private static readonly int[] HoldSeconds = [0, 1, 5, 30];
    private static readonly TimeSpan[] Steps =
        [TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1)];
    private static readonly int[] OddQuantities = [0, -1, 1_000, 1_001, int.MaxValue, int.MinValue];

    private readonly int _memberCount = random.Next(2, 7);
    private readonly int _keyCount = random.Next(2, 12);
    private DateTimeOffset _clock = Noon;

    public SimulatedCall Next()
    {
        _clock = NextMoment();
        if (model.Terms is null && random.Next(2) == 0) return new(CallKind.Open, _clock, Terms: AnyTerms());

        return random.Next(100) switch
        {
            < 48 => new(CallKind.Reserve, _clock, AnyMember(), AnyKey(), AnyQuantity()),
            < 60 => AboutASale(CallKind.Confirm),
            < 72 => AboutASale(CallKind.Cancel),
            < 76 => AboutASale(CallKind.Find),
            < 79 => new(CallKind.List, _clock, AnyMember(), Quantity: random.Next(-1, 20)),
            < 82 => new(CallKind.Export, _clock, Quantity: random.Next(-1, 50), Sequence: AnySequence()),
            < 85 => new(CallKind.Status, _clock),
            < 88 => new(CallKind.Expire, _clock),
            < 94 => new(CallKind.Change, _clock, Change: AnyChange()),
            < 95 => new(CallKind.Pause, _clock),
            < 99 => new(CallKind.Resume, _clock),
            _ => new(CallKind.Open, _clock, Terms: AnyTerms()),
        };
    }

    /// <summary>
    /// Mostly a little later; sometimes around a moment that matters; sometimes back; rarely the clock is set.
    /// </summary>
    private DateTimeOffset NextMoment() =>
        random.Next(100) == 0
            ? _clock + (Steps[random.Next(Steps.Length)] * (random.Next(2) == 0 ? 1 : -1))
            : random.Next(20) switch
            {
                < 8 => _clock,
                < 11 => _clock.AddTicks(random.Next(30)),
                < 14 => _clock.AddSeconds(random.Next(4)),
                < 15 => _clock.AddSeconds(random.Next(40)),
                < 16 => _clock.AddSeconds(-random.Next(40)),
                < 18 => Around(model.NextExpiry),
                < 19 => Around(model.Terms?.OpensAt),
                _ => Around(model.Terms?.ClosesAt),
            };

    private DateTimeOffset Around(DateTimeOffset? moment) =>
        moment is { } exactly ? exactly.AddTicks(random.Next(-11, 12)) : _clock;

    private SimulatedCall AboutASale(CallKind kind)
    {
        if (random.Next(10) == 0 || model.Sales.Count == 0)
            return new(kind, _clock, AnyMember(), Sequence: AnySequence());

        var sale = model.Sales[random.Next(model.Sales.Count)];
        return new(kind, _clock, random.Next(10) == 0 ? AnyMember() : sale.Member, Sequence: sale.Sequence);
    }

    private long AnySequence() => random.Next(30) == 0 ? long.MaxValue : random.Next(-1, model.Book.Count + 3);

    private string AnyMember() => $"member{random.Next(_memberCount)}";

    private string? AnyKey() => random.Next(3) == 0 ? null : $"key{random.Next(_keyCount)}";

    private int AnyQuantity() =>
        random.Next(15) == 0 ? OddQuantities[random.Next(OddQuantities.Length)] : random.Next(1, 4);

    private EventTerms AnyTerms() => new(
        "Concert",
        Capacity: random.Next(0, 30),
        MaxPerMember: random.Next(1, 8),
        HoldSeconds: AnyHold(),
        OpensAt: random.Next(2) == 0 ? null : AnyEdge().At,
        ClosesAt: random.Next(2) == 0 ? null : AnyEdge().At);

    private TermsChange AnyChange() => random.Next(6) switch
    {
        0 => new(Capacity: random.Next(-1, 35)),
        1 => new(Capacity: model.Held + model.Confirmed + random.Next(-1, 2)),
        2 => new(MaxPerMember: random.Next(0, 8)),
        3 => new(HoldSeconds: AnyHold()),
        4 => new(OpensAt: AnyEdge(), ClosesAt: AnyEdge()),
        _ => new(Name: random.Next(3) == 0 ? "" : "Gala", ClosesAt: new(null)),
    };

    private int AnyHold() => HoldSeconds[random.Next(HoldSeconds.Length)];

    private Edge AnyEdge() => random.Next(8) switch
    {
        < 3 => new(null),
        < 4 => new(_clock.AddTicks(random.Next(-9, 10))), // two of these may be one moment
        _ => new(_clock.AddSeconds(random.Next(-20, 40))),
    };
}

using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>Where a fact begins: people, a moment, an event on sale; and short forms of what people ask.</summary>
internal static class Given
{
    public const string Ann = "ann";
    public const string Bob = "bob";
    public const string Operator = "operator";

    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>An event that was opened at noon and is on sale. Only what follows is uncommitted.</summary>
    public static ReservationLedger OnSale(int capacity = 10, int maxPerMember = 10, int holdSeconds = 0) =>
        EventWith(new("Concert", capacity, maxPerMember, holdSeconds));

    /// <summary>An event that was opened at noon with these terms. Only what follows is uncommitted.</summary>
    public static ReservationLedger EventWith(EventTerms terms)
    {
        var ledger = new ReservationLedger();
        ledger.Open(terms, Operator, Noon);
        ledger.Taken();
        return ledger;
    }

    /// <summary>An activation that knows only what was stored.</summary>
    public static ReservationLedger ReplayOf(IEnumerable<JournalEntry> entries)
    {
        var ledger = new ReservationLedger();
        foreach (var entry in entries) ledger.Replay(entry);
        return ledger;
    }

    public static ReserveResult Reserve(
        this ReservationLedger ledger, string memberId, int quantity, DateTimeOffset now, string? key = null) =>
        ledger.Reserve(new ReserveRequest(memberId, key, quantity, KnowsCycling: true), now);

    public static EventResultStatus Change(this ReservationLedger ledger, TermsChange change, DateTimeOffset now) =>
        ledger.Change(change, Operator, now);

    public static EventResultStatus Pause(this ReservationLedger ledger, DateTimeOffset now) =>
        ledger.Pause(Operator, now);

    public static EventResultStatus Resume(this ReservationLedger ledger, DateTimeOffset now) =>
        ledger.Resume(Operator, now);

    /// <summary>The event's numbers now.</summary>
    public static EventStatus Status(this ReservationLedger ledger, DateTimeOffset now) => ledger.Status("1", now)!;

    /// <summary>Available, held and confirmed.</summary>
    public static (int Available, int Held, int Confirmed) Stock(this ReservationLedger ledger) =>
        (ledger.Available, ledger.Held, ledger.Confirmed);

    /// <summary>Everything decided since it was last taken.</summary>
    public static IReadOnlyList<JournalEntry> Taken(this ReservationLedger ledger) =>
        ledger.TakeUncommitted(int.MaxValue);
}

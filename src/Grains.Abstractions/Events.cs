using System.Globalization;
using System.Text;

namespace BoxOffice;

/// <summary>The terms under which an event is sold.</summary>
/// <param name="Name">For people; 1 to <see cref="NameLengthMax"/> characters.</param>
/// <param name="Capacity">Tickets in all, 1 to <see cref="CapacityMax"/>.</param>
/// <param name="MaxPerMember">Tickets one member may hold and own together, 1 to <see cref="CapacityMax"/>.</param>
/// <param name="HoldSeconds">
/// How long a reservation is held for confirmation, 0 to <see cref="HoldSecondsMax"/>; 0 confirms at once.
/// </param>
/// <param name="OpensAt">The first moment of the sale; null means always.</param>
/// <param name="ClosesAt">The first moment after the sale; null means never.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.EventTerms")]
public sealed record EventTerms(
    [property: Id(0)] string Name,
    [property: Id(1)] int Capacity,
    [property: Id(2)] int MaxPerMember = 1,
    [property: Id(3)] int HoldSeconds = 0,
    [property: Id(4)] DateTimeOffset? OpensAt = null,
    [property: Id(5)] DateTimeOffset? ClosesAt = null)
{
    /// <summary>Longest name in characters: a line on a screen.</summary>
    public const int NameLengthMax = 200;

    /// <summary>Largest capacity: far above any venue, and sums of it stay within an int.</summary>
    public const int CapacityMax = 100_000_000;

    /// <summary>Longest hold: seven days, enough for a bank transfer.</summary>
    public const int HoldSecondsMax = 7 * 24 * 60 * 60;

    /// <summary>
    /// Every field that is out of bounds, by its name on the wire, with the rule it breaks. Empty when all are fine.
    /// </summary>
    public Dictionary<string, string[]> Errors()
    {
        var errors = new Dictionary<string, string[]>();
        Check(Name is { Length: <= NameLengthMax } && !Name.Any(char.IsControl) && Name.EnumerateRunes().Any(IsVisible),
            "name", $"must be 1 to {NameLengthMax} characters, one of them visible and none a control character");
        Check(Capacity is >= 1 and <= CapacityMax, "capacity", $"must be 1 to {CapacityMax}");
        Check(MaxPerMember is >= 1 and <= CapacityMax, "maxPerMember", $"must be 1 to {CapacityMax}");
        Check(HoldSeconds is >= 0 and <= HoldSecondsMax, "holdSeconds", $"must be 0 to {HoldSecondsMax}");
        Check(OpensAt is null || ClosesAt is null || OpensAt < ClosesAt, "closesAt", "must be after opensAt");
        return errors;

        // The letters among them are the fillers of Hangul and the empty pattern of Braille, which are drawn as blanks.
        static bool IsVisible(Rune rune) =>
            !Rune.IsWhiteSpace(rune)
            && rune.Value is not (0x115f or 0x1160 or 0x3164 or 0xffa0 or 0x2800)
            && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);

        void Check(bool isFine, string field, string rule)
        {
            if (!isFine) errors[field] = [rule];
        }
    }
}

/// <summary>A moment to set, or to clear when <paramref name="At"/> is null.</summary>
[GenerateSerializer, Immutable, Alias("BoxOffice.Edge")]
public readonly record struct Edge([property: Id(0)] DateTimeOffset? At);

/// <summary>Terms to change; what is null stays as it is.</summary>
/// <param name="Name">See <see cref="EventTerms"/>, as for the following.</param>
/// <param name="Capacity">Tickets in all.</param>
/// <param name="MaxPerMember">Tickets for one member.</param>
/// <param name="HoldSeconds">For new holds.</param>
/// <param name="OpensAt">When the sale begins.</param>
/// <param name="ClosesAt">When the sale ends.</param>
/// <param name="IfVersions">
/// The change is made only to one of these versions (<see cref="EventStatus.Version"/>); null: to any. A silo of a
/// version before this field does not know it, and changes any.
/// </param>
[GenerateSerializer, Immutable, Alias("BoxOffice.TermsChange")]
public sealed record TermsChange(
    [property: Id(0)] string? Name = null,
    [property: Id(1)] int? Capacity = null,
    [property: Id(2)] int? MaxPerMember = null,
    [property: Id(3)] int? HoldSeconds = null,
    [property: Id(4)] Edge? OpensAt = null,
    [property: Id(5)] Edge? ClosesAt = null,
    [property: Id(6)] long[]? IfVersions = null)
{
    /// <summary>The terms after this change.</summary>
    public EventTerms ApplyTo(EventTerms terms) => new(
        Name ?? terms.Name,
        Capacity ?? terms.Capacity,
        MaxPerMember ?? terms.MaxPerMember,
        HoldSeconds ?? terms.HoldSeconds,
        OpensAt is { } opens ? opens.At : terms.OpensAt,
        ClosesAt is { } closes ? closes.At : terms.ClosesAt);
}

/// <summary>What a buyer can do with an event now, in order of precedence.</summary>
public enum SaleState
{
    /// <summary>An operator stopped the sale for now.</summary>
    Paused = 1,

    /// <summary>The sale has not begun.</summary>
    Upcoming = 2,

    /// <summary>The sale is over.</summary>
    Closed = 3,

    /// <summary>Nothing available, nothing held.</summary>
    SoldOut = 4,

    /// <summary>Nothing available, but holds may still expire.</summary>
    AllHeld = 5,

    /// <summary>On sale.</summary>
    Open = 6,
}

/// <summary>An event's numbers at one moment, all durable.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Terms">The terms now.</param>
/// <param name="Available">Tickets that can be reserved.</param>
/// <param name="Held">Tickets in live holds.</param>
/// <param name="Confirmed">Tickets sold.</param>
/// <param name="State">What a buyer can do.</param>
/// <param name="HeadSequence">Sequence of the last entry.</param>
/// <param name="Version">Grows with every entry, and when the sale opens or closes.</param>
/// <param name="ClockAhead">
/// By how much the event's time is ahead of the clock, when a wrong clock wrote its journal; null when it is not.
/// </param>
/// <param name="ClockError">
/// By how much the sale's clock is behind its source, when that stepped; null when they agree.
/// </param>
[GenerateSerializer, Immutable, Alias("BoxOffice.EventStatus")]
public sealed record EventStatus(
    [property: Id(0)] string Id,
    [property: Id(1)] EventTerms Terms,
    [property: Id(2)] int Available,
    [property: Id(3)] int Held,
    [property: Id(4)] int Confirmed,
    [property: Id(5)] SaleState State,
    [property: Id(6)] long HeadSequence,
    [property: Id(7)] long Version,
    [property: Id(8)] TimeSpan? ClockAhead = null,
    [property: Id(9)] TimeSpan? ClockError = null);

/// <summary>
/// Outcome of an operator's call on an event, in order of precedence; <see cref="VersionMismatch"/> comes after
/// <see cref="EventNotFound"/>.
/// </summary>
public enum EventResultStatus
{
    /// <summary>The event was never opened.</summary>
    EventNotFound = 1,

    /// <summary>The id is taken.</summary>
    EventExists = 2,

    /// <summary>The terms, as they would be, break a rule of <see cref="EventTerms.Errors"/>.</summary>
    InvalidTerms = 3,

    /// <summary>The new capacity is below held + confirmed.</summary>
    CapacityBelowSold = 4,

    /// <summary>Done, or nothing was to change.</summary>
    Done = 5,

    /// <summary>The event is none of the versions that the change is for.</summary>
    VersionMismatch = 6,
}

/// <summary>Answer to an operator's call on an event.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Event">The numbers afterwards, when the event exists.</param>
/// <param name="Terms">The terms that were refused, when they were.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.EventResult")]
public sealed record EventResult(
    [property: Id(0)] EventResultStatus Status,
    [property: Id(1)] EventStatus? Event = null,
    [property: Id(2)] EventTerms? Terms = null);

/// <summary>Outcome of <see cref="ITicketEventGrain.Repair"/>, in order of precedence.</summary>
public enum RepairStatus
{
    /// <summary>There is no such event.</summary>
    EventNotFound = 1,

    /// <summary>The journal can be replayed: there is nothing to repair.</summary>
    NotBroken = 2,

    /// <summary>Another entry was confirmed than the last one that can be replayed.</summary>
    OtherEntry = 3,

    /// <summary>Done. The event sells from what is left.</summary>
    Done = 4,
}

/// <summary>Answer to an operator's repair.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="ReadableUpTo">The last entry that can be replayed; 0 when the first one cannot.</param>
/// <param name="SetAside">Entries that were moved out of the journal.</param>
[GenerateSerializer, Immutable, Alias("BoxOffice.RepairResult")]
public readonly record struct RepairResult(
    [property: Id(0)] RepairStatus Status,
    [property: Id(1)] long ReadableUpTo = 0,
    [property: Id(2)] long SetAside = 0);

/// <summary>The three counts of one event, side by side.</summary>
/// <param name="Capacity">Tickets in all.</param>
/// <param name="Available">The owner's number.</param>
/// <param name="Held">The owner's number.</param>
/// <param name="Confirmed">The owner's number.</param>
/// <param name="Reservations">Reservations that are held or confirmed.</param>
/// <param name="Members">Members who have one.</param>
/// <param name="Drift">Sum of all differences between owner, replay and SQL count; 0 or something is broken.</param>
/// <param name="Gaps">Sequences missing in the journal; 0 or something is broken.</param>
/// <param name="Duplicates">Sequences and idempotency keys that occur twice; 0 or something is broken.</param>
/// <param name="HeadSequence">The last entry that was compared.</param>
/// <param name="Unread">
/// Entries of a large event (more than 2,000,000) that were not read for lack of time; 0 when all were. As far as the
/// event has a snapshot, that represents them, and each call compares other parts of it; without one, drift
/// is that of the entries that were read.
/// </param>
[GenerateSerializer, Immutable, Alias("BoxOffice.Reconciliation")]
public sealed record Reconciliation(
    [property: Id(0)] int Capacity,
    [property: Id(1)] int Available,
    [property: Id(2)] int Held,
    [property: Id(3)] int Confirmed,
    [property: Id(4)] long Reservations,
    [property: Id(5)] long Members,
    [property: Id(6)] long Drift,
    [property: Id(7)] long Gaps,
    [property: Id(8)] long Duplicates,
    [property: Id(9)] long HeadSequence,
    [property: Id(10)] long Unread = 0);

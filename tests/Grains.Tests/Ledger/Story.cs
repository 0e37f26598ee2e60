using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>A short history with an entry of every kind, as a journal has it.</summary>
internal static class Story
{
    public static readonly EventTerms Terms = new("Concert", 10, 4, HoldSeconds: 60);

    /// <summary>The moment of the last entry.</summary>
    public static readonly DateTimeOffset End = Noon.AddSeconds(60);

    /// <summary>In the end 7 are available, 2 are held by Ann (sequence 7), 1 is hers (sequence 3).</summary>
    public static readonly JournalEntry[] Entries =
    [
        new(1, EntryKind.Opened, Noon, Operator, Terms: Terms),
        new(2, EntryKind.Reserved, Noon, Bob, "key", 4, 2, Noon.AddSeconds(60)),
        new(3, EntryKind.Reserved, Noon.AddSeconds(30), Ann, null, 1, 3, Noon.AddSeconds(90)),
        new(4, EntryKind.Confirmed, Noon.AddSeconds(30), Ann, Quantity: 1, ReservationSequence: 3),
        new(5, EntryKind.Reserved, Noon.AddSeconds(31), Ann, "other", 3, 5, Noon.AddSeconds(91)),
        new(6, EntryKind.Cancelled, Noon.AddSeconds(32), Ann, Quantity: 3, ReservationSequence: 5),
        new(7, EntryKind.Reserved, Noon.AddSeconds(33), Ann, "key", 2, 7, Noon.AddSeconds(93)),
        new(8, EntryKind.Paused, Noon.AddSeconds(34), Operator),
        new(9, EntryKind.Resumed, Noon.AddSeconds(35), Operator),
        new(10, EntryKind.Changed, Noon.AddSeconds(36), Operator, Terms: Terms with { Name = "Gala" }),
        new(11, EntryKind.Expired, End, Bob, Quantity: 4, ReservationSequence: 2),
    ];

    /// <summary>The story's sequence after the last.</summary>
    public const long Next = 12;

    /// <summary>An activation that replayed the story.</summary>
    public static ReservationLedger Told() => ReplayOf(Entries);
}

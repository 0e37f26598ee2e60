using BoxOffice.Grains.Ledger;

using static BoxOffice.EntryKind;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>An entry that cannot follow the one before stops the event; nothing is guessed.</summary>
public sealed class BrokenEntryTests
{
    private static readonly DateTimeOffset Later = Story.End.AddSeconds(1);

    // Each of these can follow the story. The broken ones below differ from them in one thing.
    private static readonly JournalEntry Reserve =
        new(Story.Next, Reserved, Later, Ann, "new", 1, Story.Next, ExpiresAt: Later.AddSeconds(60));
    private static readonly JournalEntry Confirm =
        new(Story.Next, Confirmed, Later, Ann, Quantity: 2, ReservationSequence: 7);
    private static readonly JournalEntry Cancel = Confirm with { Kind = Cancelled };
    private static readonly JournalEntry Expire = Confirm with { Kind = Expired, DecidedAt = Noon.AddSeconds(93) };
    private static readonly JournalEntry Change =
        new(Story.Next, Changed, Later, Operator, Terms: Story.Terms with { Capacity = 3 });
    private static readonly JournalEntry Pause = new(Story.Next, Paused, Later, Operator);

    private static readonly Dictionary<string, JournalEntry> Sound = new()
    {
        ["a hold"] = Reserve,
        ["a sale at once"] = Reserve with { ExpiresAt = null },
        ["all that is left"] = Reserve with { Quantity = 7 },
        ["a confirm"] = Confirm,
        ["a cancel of a hold"] = Cancel,
        ["a cancel of a sale"] = Cancel with { ReservationSequence = 3, Quantity = 1 },
        ["an expiry"] = Expire,
        ["capacity down to what is sold"] = Change,
        ["a pause"] = Pause,
        ["in the same microsecond"] = Pause with { DecidedAt = Story.End },
    };

    private static readonly Dictionary<string, JournalEntry> Broken = new()
    {
        ["a gap"] = Pause with { Sequence = Story.Next + 1 },
        ["a sequence twice"] = Pause with { Sequence = Story.Next - 1 },
        ["sequence 0"] = Pause with { Sequence = 0 },
        ["a negative sequence"] = Pause with { Sequence = -1 },
        ["time backwards"] = Pause with { DecidedAt = Story.End.AddMicroseconds(-1) },
        ["a second opening"] = Change with { Kind = Opened },
        ["kind 0"] = Pause with { Kind = 0 },
        ["a kind that is not known"] = Pause with { Kind = (EntryKind)10 },
        ["a change without terms"] = Change with { Terms = null },
        ["capacity below what is sold"] = Change with { Terms = Story.Terms with { Capacity = 2 } },
        ["negative capacity"] = Change with { Terms = Story.Terms with { Capacity = -1 } },
        ["a reservation of nothing"] = Reserve with { Quantity = 0 },
        ["a reservation of less than nothing"] = Reserve with { Quantity = -1 },
        ["a reservation of more than there is"] = Reserve with { Quantity = 8 },
        ["a reservation of the largest number"] = Reserve with { Quantity = int.MaxValue },
        ["a reservation with another's name"] = Reserve with { ReservationSequence = 7 },
        ["a reservation without a name"] = Reserve with { ReservationSequence = 0 },
        ["a hold that is over when it begins"] = Reserve with { ExpiresAt = Later },
        ["a hold until the beginning of time"] = Reserve with { ExpiresAt = DateTimeOffset.MinValue },
        ["a key twice"] = Reserve with { Key = "key" },
        ["the key of what was cancelled"] = Reserve with { Key = "other" },
        ["a confirm of nothing"] = Confirm with { ReservationSequence = 0 },
        ["a confirm of less than nothing"] = Confirm with { ReservationSequence = -7 },
        ["a confirm of what is yet to come"] = Confirm with { ReservationSequence = Story.Next },
        ["a confirm of the opening"] = Confirm with { ReservationSequence = 1 },
        ["a confirm of a confirm"] = Confirm with { ReservationSequence = 4, Quantity = 1 },
        ["a confirm by another member"] = Confirm with { Actor = Bob },
        ["a confirm of fewer tickets"] = Confirm with { Quantity = 1 },
        ["a confirm of more tickets"] = Confirm with { Quantity = 3 },
        ["a confirm of a sale"] = Confirm with { ReservationSequence = 3, Quantity = 1 },
        ["a confirm of what was cancelled"] = Confirm with { ReservationSequence = 5, Quantity = 3 },
        ["a confirm of what expired"] = Confirm with { ReservationSequence = 2, Quantity = 4, Actor = Bob },
        ["a cancel of what was cancelled"] = Cancel with { ReservationSequence = 5, Quantity = 3 },
        ["a cancel of what expired"] = Cancel with { ReservationSequence = 2, Quantity = 4, Actor = Bob },
        ["a cancel by another member"] = Cancel with { Actor = Bob },
        ["an expiry of a sale"] = Expire with { ReservationSequence = 3, Quantity = 1 },
        ["an expiry of what was cancelled"] = Expire with { ReservationSequence = 5, Quantity = 3 },
        ["an expiry of what expired"] = Expire with { ReservationSequence = 2, Quantity = 4, Actor = Bob },
    };

    public static TheoryData<string> SoundNames => [.. Sound.Keys];

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory, MemberData(nameof(SoundNames))]
    public void After_the_story_there_can_be(string name)
    {
        var ledger = Story.Told();

        ledger.Replay(Sound[name]);

        Assert.Equal(Story.Next, ledger.HeadSequence);
    }

    [Theory, MemberData(nameof(BrokenNames))]
    public void After_the_story_there_cannot_be(string name)
    {
        var ledger = Story.Told();

        Assert.Throws<LedgerBrokenException>(() => ledger.Replay(Broken[name]));
    }

    [Theory]
    [InlineData(Reserved)]
    [InlineData(Confirmed)]
    [InlineData(Cancelled)]
    [InlineData(Expired)]
    [InlineData(Changed)]
    [InlineData(Paused)]
    [InlineData(Resumed)]
    public void The_first_entry_is_the_opening_and_nothing_else(EntryKind kind)
    {
        var ledger = new ReservationLedger();
        var entry = new JournalEntry(1, kind, Noon, Operator, null, 1, ReservationSequence: 1, Terms: Story.Terms);

        Assert.Throws<LedgerBrokenException>(() => ledger.Replay(entry));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void The_opening_has_the_first_sequence(long sequence)
    {
        var ledger = new ReservationLedger();

        Assert.Throws<LedgerBrokenException>(() => ledger.Replay(Story.Entries[0] with { Sequence = sequence }));
    }

    [Fact]
    public void The_opening_has_terms()
    {
        var ledger = new ReservationLedger();

        Assert.Throws<LedgerBrokenException>(() => ledger.Replay(Story.Entries[0] with { Terms = null }));
    }

    [Fact]
    public void The_exception_says_which_entry_breaks_which_rule()
    {
        var ledger = Story.Told();

        var broken = Assert.Throws<LedgerBrokenException>(() => ledger.Replay(Pause with { Sequence = 99 }));

        Assert.Contains("sequence 99", broken.Message, StringComparison.Ordinal);
        Assert.Contains("Paused", broken.Message, StringComparison.Ordinal);
        Assert.Contains(broken.Rule, broken.Message, StringComparison.Ordinal);
        Assert.Contains("Sequence", broken.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_sequence_from_another_owner_is_refused()
    {
        var ledger = Story.Told();
        ledger.Reserve(Ann, 1, Later);

        Assert.Throws<LedgerBrokenException>(() => ledger.Replay(Reserve));
    }
}

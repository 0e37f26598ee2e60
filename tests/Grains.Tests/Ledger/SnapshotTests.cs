using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>A ledger that was loaded from a snapshot, and replayed the rest, is the ledger that replayed all.</summary>
public sealed class SnapshotTests
{
    private static readonly string[] Members = ["ann", "bob", "cid", "dora-with-a-longer-name", "é🎫"];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    public void At_every_prefix_a_snapshot_and_the_rest_give_what_all_entries_give(int partEntries)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var entries = Sale(seed);
            var parts = PartsOf(entries, partEntries);
            for (var count = 0; count <= entries.Count; count++)
            {
                var loaded = Loaded(entries, parts, partEntries, count);
                SameState($"seed {seed}, {count} entries", ReplayOf(entries.Take(count)), loaded);
            }
        }
    }

    [Fact]
    public void The_same_entries_give_the_same_bytes()
    {
        var entries = Sale(seed: 3);

        var again = PartsOf([.. entries], 20);
        Assert.Equal(PartsOf(entries, 20).Select(part => part.Bytes), again.Select(part => part.Bytes));
    }

    [Fact]
    public void Every_byte_that_changes_is_noticed()
    {
        var (part, bytes) = PartsOf(Sale(seed: 4), 40)[1];
        Assert.True(PartReader.IsWhole("gala", part, bytes));

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 4;
            Assert.False(PartReader.IsWhole("gala", part, bytes));
            bytes[i] ^= 4;
        }
        Assert.False(PartReader.IsWhole("gala", part, bytes.AsSpan(1)));
        Assert.False(PartReader.IsWhole("ball", part, bytes));
        Assert.False(PartReader.IsWhole("gala", part with { Sequence = part.Sequence + 1 }, bytes));
    }

    [Fact]
    public void Every_field_of_an_entry_is_in_its_digest()
    {
        JournalEntry entry = new(7, EntryKind.Reserved, Noon, "ann", "key", 2, 7, Noon.AddSeconds(60));
        JournalEntry[] others =
        [
            entry with { Sequence = 8 }, entry with { Kind = EntryKind.Confirmed },
            entry with { DecidedAt = Noon.AddMicroseconds(1) }, entry with { Actor = "annk", Key = "ey" },
            entry with { Key = "kez" }, entry with { Key = null }, entry with { Key = "" },
            entry with { Quantity = 3 }, entry with { ReservationSequence = 6 }, entry with { ExpiresAt = null },
            entry with { Terms = new("Gala", 10) }, entry with { Actor = new('a', 5_000) },
        ];

        UInt128[] digests =
        [
            EntryDigest.After(1, entry), EntryDigest.After(2, entry),
            .. others.Select(other => EntryDigest.After(1, other)),
        ];

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Fact]
    public void Parts_that_do_not_follow_one_another_are_left_out()
    {
        SnapshotPart[] parts = [.. PartsOf(Sale(seed: 5), 20).Select(part => part.Part)];

        Assert.Equal(parts, SnapshotPart.ChainOf(parts.Reverse()));
        Assert.Equal(parts[..2], SnapshotPart.ChainOf([parts[0], parts[1], parts[3]]));
        Assert.Equal(parts[..1], SnapshotPart.ChainOf([parts[0], parts[1] with { Start = 1 }, parts[2]]));
        Assert.Equal(
            parts[..1],
            SnapshotPart.ChainOf([parts[0], parts[1] with { Format = SnapshotPart.FormatNow + 1 }, parts[2]]));
        Assert.Empty(SnapshotPart.ChainOf(parts[1..]));
    }

    [Fact]
    public void A_part_of_another_place_is_refused()
    {
        var (part, bytes) = PartsOf(Sale(seed: 6), 20)[1];

        Assert.Throws<InvalidDataException>(() => new ReservationLedger().Load(part, bytes));
    }

    /// <summary>The parts of an event named "gala".</summary>
    internal static List<(SnapshotPart Part, byte[] Bytes)> PartsOf(
        IReadOnlyList<JournalEntry> entries, int partEntries)
    {
        var parts = new List<(SnapshotPart Part, byte[] Bytes)>();
        for (var after = 0; after + partEntries <= entries.Count; after += partEntries)
        {
            var writer = new PartWriter("gala", after, parts.Count == 0 ? 0 : parts[^1].Part.End, partEntries);
            for (var i = after; i < after + partEntries; i++) writer.Add(entries[i]);
            parts.Add(writer.Write());
        }
        return parts;
    }

    private static ReservationLedger Loaded(
        List<JournalEntry> entries, List<(SnapshotPart Part, byte[] Bytes)> parts, int partEntries, int count)
    {
        var ledger = new ReservationLedger();
        foreach (var (part, bytes) in parts.Take(count / partEntries)) ledger.Load(part, bytes);
        foreach (var entry in entries.Take(count).Skip((int)ledger.HeadSequence)) ledger.Replay(entry);
        return ledger;
    }

    private static void SameState(string when, ReservationLedger expected, ReservationLedger actual)
    {
        var now = expected.LastDecidedAt == DateTimeOffset.MinValue ? Noon : expected.LastDecidedAt;
        Assert.True(Numbers(expected) == Numbers(actual), when);
        Assert.Equal(expected.Export(0, int.MaxValue, now), actual.Export(0, int.MaxValue, now));
        foreach (var member in Members)
            Assert.Equal(expected.ReservationsOf(member, 1_000, now), actual.ReservationsOf(member, 1_000, now));

        // The answers to the next calls, and their entries: limits, keys, and members who cancelled too many.
        foreach (var at in new[] { now, now.AddSeconds(45), now.AddDays(1) })
        {
            foreach (var member in Members)
            {
                Assert.Equal(expected.Reserve(member, 1, at, "key1"), actual.Reserve(member, 1, at, "key1"));
                Assert.Equal(expected.Reserve(member, 2, at, "key2"), actual.Reserve(member, 2, at, "key2"));
                Assert.Equal(expected.Reserve(member, 1, at), actual.Reserve(member, 1, at));
                for (var sequence = 1; sequence < 20; sequence++)
                    Assert.Equal(expected.Find(member, sequence, at), actual.Find(member, sequence, at));
            }
        }
        Assert.Equal(InOneOrder(expected.Taken()), InOneOrder(actual.Taken()));
    }

    private static string? Numbers(ReservationLedger ledger) => (
        ledger.Stock(), ledger.ReservationCount, ledger.MemberCount,
        ledger.HeadSequence, ledger.LastDecidedAt, ledger.NextExpiry,
        ledger.Terms, ledger.IsPaused).ToString();

    /// <summary>Holds that end in one moment may end in any order.</summary>
    private static IEnumerable<string> InOneOrder(IEnumerable<JournalEntry> entries) =>
        entries.Select(entry => (entry with { Sequence = 0 }).ToString()).Order(StringComparer.Ordinal);

    /// <summary>Some 150 entries of every kind; the first member cancels so many that it has to wait.</summary>
    private static List<JournalEntry> Sale(int seed)
    {
        var random = new Random(seed);
        var (ledger, now) = (new ReservationLedger(), Noon);
        ledger.Open(new("Gala", 12, 4, random.Next(2) * 30), Operator, now);
        for (var i = 0; i < 200; i++)
        {
            now = now.AddMicroseconds(random.Next(3) == 0 ? random.Next(20_000_000) : 0);
            var member = Members[random.Next(Members.Length)];
            switch (random.Next(12))
            {
                case < 5:
                    ledger.Reserve(
                    member, 1 + random.Next(3), now, random.Next(2) == 0 ? null : $"key{random.Next(40)}"); break;
                case < 7: ledger.Confirm(member, 1 + random.Next((int)ledger.HeadSequence), now); break;
                case < 9: ledger.Cancel(member, 1 + random.Next((int)ledger.HeadSequence), now); break;
                case 9: ledger.Change(new(Capacity: 12 + random.Next(6), HoldSeconds: random.Next(2) * 30), now); break;
                case 10: ledger.Pause(now); break;
                default: ledger.Resume(now); ledger.TakeOver("silo", now); break;
            }
            if (i == 100) ledger.Resume(now);
            for (var j = 0; i == 100 && j < 120 && ledger.Reserve(Members[0], 1, now).Reservation is { } one; j++)
                ledger.Cancel(Members[0], one.Sequence, now);
        }
        return [.. ledger.Taken()];
    }
}

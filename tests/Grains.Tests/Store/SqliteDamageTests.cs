using System.Globalization;

namespace BoxOffice.Grains.Tests.Store;

/// <summary>Damage of the files is detected, or costs no more than a power cut.</summary>
public sealed class SqliteDamageTests
{
    [Theory, InlineData(2), InlineData(3), InlineData(10)]
    public void A_journal_that_was_cut_short_is_refused(int part)
    {
        using var folder = StoreFolder.Sold();
        using (
            var file = new FileStream(folder.Journal, FileMode.Open)) file.SetLength(file.Length / part * (part - 1));

        Assert.Contains("journal.db is damaged", folder.Refuses().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        using var folder = StoreFolder.Sold();
        File.WriteAllText(
            folder.Members,
            "not a database, but long enough to be taken for one at a glance: " + new string('x', 5_000));

        Assert.Contains("members.db is damaged", folder.Refuses().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_in_an_event_breaks_that_event_and_not_the_store()
    {
        using var folder = StoreFolder.Sold();
        StoreFolder.Execute(folder.Journal, "DELETE FROM reservation_journal WHERE event_id = 'event-2' AND seq = 300");

        folder.Open(); // the event answers EVENT_BROKEN, and can be repaired

        Assert.DoesNotContain(("event-2", 300), folder.Entries().Select(row => (row.EventId, (int)row.Sequence)));
    }

    /// <summary>
    /// Twelve bytes in pages of the table, of its index and of neither: the store is rejected, or each event
    /// still has every id that was assigned, or a gap that keeps it from selling.
    /// </summary>
    [Fact]
    public void No_id_is_lost_unnoticed_when_bytes_are_flipped()
    {
        using var folder = StoreFolder.Sold();
        folder.Open();
        var (good, ids) = (
            File.ReadAllBytes(folder.Journal), folder.Entries().Select(row => (row.EventId, row.Sequence)).ToList());
        var members = File.ReadAllBytes(folder.Members);
        var refused = 0;

        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])good.Clone();
            // Half of them in page headers, where they do most damage.
            var at = seed % 2 == 0
                ? random.Next(bytes.Length - 12)
                : random.Next(bytes.Length / 4_096) * 4_096 + random.Next(100);
            for (var i = at; i < at + 12; i++) bytes[i] ^= (byte)random.Next(1, 256);
            Restore(folder, bytes, members);
            try
            {
                folder.Open();
            }
            catch (StartupException)
            {
                refused++;
                continue;
            }
            // An event with a gap sells nothing: the replay notices it.
            var sound = folder.Entries()
                .GroupBy(row => row.EventId).Where(row => row.Count() == row.Max(entry => entry.Sequence));
            foreach (var row in sound)
            {
                var sequences = ids.Where(id => id.EventId == row.Key).Select(id => id.Sequence);
                Assert.True(sequences.SequenceEqual(row.Select(entry => entry.Sequence)),
                    $"seed {seed}, at {at}, {row.Key}");
            }
        }

        Assert.True(refused > 150, string.Create(CultureInfo.InvariantCulture, $"only {refused} of 300 were refused"));
    }

    [Fact]
    public void A_killed_store_has_all_that_is_in_its_log()
    {
        using var folder = StoreFolder.Killed(commits: 20);

        folder.Open();

        Assert.Equal(1_820, folder.Entries().Count);
    }

    /// <summary>
    /// Of a log that was damaged at most the last commit is missing, which a power cut could have interrupted.
    /// </summary>
    [Fact]
    public void No_commit_but_the_last_is_lost_unnoticed_when_bytes_of_the_log_are_flipped()
    {
        using var folder = StoreFolder.Killed(commits: 20);
        var log = folder.Journal + "-wal";
        var (journal, good, members) = (
            File.ReadAllBytes(folder.Journal), File.ReadAllBytes(log), File.ReadAllBytes(folder.Members));
        var refused = 0;

        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])good.Clone();
            var at = random.Next(bytes.Length - 12);
            for (var i = at; i < at + 12; i++) bytes[i] ^= (byte)random.Next(1, 256);
            Restore(folder, journal, members);
            File.WriteAllBytes(log, bytes);
            try
            {
                folder.Open();
                Assert.True(folder.Entries().Count >= 1_819, $"seed {seed}, at {at} of {bytes.Length}");
            }
            catch (StartupException e)
            {
                Assert.Contains("commits in journal.db-wal cannot be read", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(refused > 80, string.Create(CultureInfo.InvariantCulture, $"only {refused} of 100 were refused"));
    }

    [Fact]
    public void A_commit_that_a_power_cut_interrupted_is_not_damage()
    {
        using var folder = StoreFolder.Killed(commits: 20);
        using (var log = new FileStream(folder.Journal + "-wal", FileMode.Open)) log.SetLength(log.Length - 100);

        folder.Open();

        Assert.Equal(1_819, folder.Entries().Count);
    }

    /// <summary>The check of a log relies on synchronous = FULL.</summary>
    [Fact]
    public void Every_commit_is_on_the_disk_before_the_next() =>
        Assert.Equal(2L, StoreFolder.Ask(":memory:", "PRAGMA synchronous"));

    private static void Restore(StoreFolder folder, byte[] journal, byte[] members)
    {
        foreach (var file in Directory.GetFiles(folder.Directory)) File.Delete(file);
        File.WriteAllBytes(folder.Journal, journal);
        File.WriteAllBytes(folder.Members, members);
    }
}

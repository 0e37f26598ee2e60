using System.Globalization;

namespace BoxOffice.Grains.Tests.Store;

/// <summary>A store from which tickets would be sold again is refused before anything is sold.</summary>
public sealed class SqliteStoreTests
{
    [Fact]
    public void A_first_start_creates_both_files_and_the_second_uses_them()
    {
        using var folder = new StoreFolder();

        folder.Open();
        folder.Open(wasStarted: true);

        Assert.Equal(IdIn(folder.Journal), IdIn(folder.Members));
    }

    [Fact]
    public void A_journal_that_is_missing_beside_members_is_no_first_start()
    {
        using var folder = StoreFolder.Sold();
        File.Delete(folder.Journal);

        var refusal = folder.Refuses();

        Assert.Contains(
            "journal.db is missing or empty, and this is no first start", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Journal));
    }

    [Fact]
    public void A_journal_that_is_empty_beside_members_is_no_first_start()
    {
        using var folder = StoreFolder.Sold();
        File.WriteAllBytes(folder.Journal, []);

        Assert.Contains("journal.db is missing or empty", folder.Refuses().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_that_is_missing_beside_a_token_key_is_no_first_start()
    {
        using var folder = new StoreFolder();

        Assert.Contains(
            "journal.db is missing or empty", folder.Refuses(wasStarted: true).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_are_missing_beside_a_journal_that_sold_are_no_first_start()
    {
        using var folder = StoreFolder.Sold();
        File.Delete(folder.Members);

        Assert.Contains("members.db is missing or empty", folder.Refuses().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_start_that_ended_between_the_two_files_is_finished_by_the_next()
    {
        using var folder = new StoreFolder();
        folder.Open();
        StoreFolder.Execute(folder.Journal, "UPDATE installation SET is_paired = 0");
        File.Delete(folder.Members);

        folder.Open();

        Assert.Equal(IdIn(folder.Journal), IdIn(folder.Members));
    }

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
    public void A_journal_of_another_installation_is_refused()
    {
        using var folder = StoreFolder.Sold();
        using var other = StoreFolder.Sold();
        File.Copy(other.Journal, folder.Journal, overwrite: true);

        Assert.Contains("are of different installations", folder.Refuses().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_journal_of_another_installation_is_refused()
    {
        using var folder = StoreFolder.Sold();
        using var other = new StoreFolder();
        other.Open();
        File.Copy(other.Journal, folder.Journal, overwrite: true);

        Assert.Contains("are of different installations", folder.Refuses().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_that_is_older_than_the_members_is_refused()
    {
        using var folder = StoreFolder.Sold();
        var store = folder.Open();
        File.Copy(folder.Journal, folder.Journal + ".old");
        folder.Sell(events: 1, entries: 1);
        store.Note();
        File.Move(folder.Journal + ".old", folder.Journal, overwrite: true);

        var refusal = folder.Refuses();

        Assert.Contains(
            "journal.db is an older copy than members.db: it has 1800 entries and had 1801 already", refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_are_older_than_the_journal_are_refused()
    {
        using var folder = StoreFolder.Sold();
        File.Copy(folder.Members, folder.Members + ".old");
        folder.SignUp(1);
        folder.Open();
        File.Move(folder.Members + ".old", folder.Members, overwrite: true);

        Assert.Contains("members.db is an older copy", folder.Refuses().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_from_before_installations_had_an_id_gets_one()
    {
        using var folder = StoreFolder.Sold();
        StoreFolder.Execute(folder.Journal, "DROP TABLE installation; DROP TABLE write_probe; DROP TABLE ledger_snapshot; "
            + "ALTER TABLE reservation_journal DROP COLUMN checksum; ALTER TABLE rehearsal_journal DROP COLUMN checksum; PRAGMA user_version = 5");
        StoreFolder.Execute(folder.Members, "DROP TABLE installation; PRAGMA user_version = 1");
        var before = folder.Entries();

        folder.Open(wasStarted: true);

        Assert.Equal(IdIn(folder.Journal), IdIn(folder.Members));
        Assert.Equal(before, folder.Entries());
    }

    [Theory, InlineData("journal.db"), InlineData("members.db")]
    public void A_store_that_is_newer_than_the_program_is_refused_and_not_touched(string name)
    {
        using var folder = StoreFolder.Sold();
        var file = Path.Combine(folder.Directory, name);
        StoreFolder.Execute(file, "PRAGMA user_version = 999");
        var before = (File.ReadAllBytes(folder.Journal), File.ReadAllBytes(folder.Members));

        var refusal = folder.Refuses();

        Assert.Contains($"{name} has schema version 999", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before.Item1, File.ReadAllBytes(folder.Journal));
        Assert.Equal(before.Item2, File.ReadAllBytes(folder.Members));
    }

    [Fact]
    public void A_gap_in_an_event_breaks_that_event_and_not_the_store()
    {
        using var folder = StoreFolder.Sold();
        StoreFolder.Execute(folder.Journal, "DELETE FROM reservation_journal WHERE event_id = 'event-2' AND seq = 300");

        folder.Open(); // the event answers EVENT_BROKEN, and can be repaired

        Assert.DoesNotContain(("event-2", 300), folder.Entries().Select(one => (one.EventId, (int)one.Sequence)));
    }

    [Fact]
    public void Every_refusal_is_one_line()
    {
        using var folder = StoreFolder.Sold();
        using (var file = new FileStream(folder.Journal, FileMode.Open)) file.SetLength(file.Length - 4_096);

        Assert.DoesNotContain('\n', folder.Refuses().Message);
    }

    /// <summary>
    /// Twelve bytes anywhere, in pages of the table, of its index and of neither: the store is refused, or each event
    /// still has every id that was given, or a hole that keeps it from selling.
    /// </summary>
    [Fact]
    public void No_id_is_lost_unnoticed_when_bytes_are_flipped()
    {
        using var folder = StoreFolder.Sold();
        folder.Open();
        var (good, ids) = (
            File.ReadAllBytes(folder.Journal), folder.Entries().Select(one => (one.EventId, one.Sequence)).ToList());
        var members = File.ReadAllBytes(folder.Members);
        var refused = 0;

        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])good.Clone();
            // Half of them where a page describes itself, which is where most harm is done.
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
            // An event with a hole sells nothing: that is noticed when it is replayed.
            var sound = folder.Entries()
                .GroupBy(one => one.EventId).Where(one => one.Count() == one.Max(entry => entry.Sequence));
            foreach (var one in sound)
            {
                Assert.True(ids.Where(id => id.EventId == one.Key).Select(id => id.Sequence).SequenceEqual(one.Select(entry => entry.Sequence)),
                    $"seed {seed}, at {at}, {one.Key}");
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

    /// <summary>FULL: what a look at a log rests on.</summary>
    [Fact]
    public void Every_commit_is_on_the_disk_before_the_next() =>
        Assert.Equal(2L, StoreFolder.Ask(":memory:", "PRAGMA synchronous"));

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void No_other_user_may_read_the_files_of_a_folder_that_all_may_enter()
    {
        using var folder = StoreFolder.Sold();
        File.SetUnixFileMode(folder.Directory, (UnixFileMode)0b111_101_101);
        foreach (var file in (string[])[folder.Journal, folder.Members])
            File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);

        folder.Open();

        foreach (var file in Directory.GetFiles(folder.Directory))
            Assert.Equal(0, (int)File.GetUnixFileMode(file) & 0b111_111);
    }

    private static void Restore(StoreFolder folder, byte[] journal, byte[] members)
    {
        foreach (var file in Directory.GetFiles(folder.Directory)) File.Delete(file);
        File.WriteAllBytes(folder.Journal, journal);
        File.WriteAllBytes(folder.Members, members);
    }

    private static object? IdIn(string file) => StoreFolder.Ask(file, "SELECT id FROM installation");
}

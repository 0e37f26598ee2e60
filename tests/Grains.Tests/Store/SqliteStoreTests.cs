namespace BoxOffice.Grains.Tests.Store;

/// <summary>A store from which tickets would be sold again is rejected before anything is sold.</summary>
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
        StoreFolder.Execute(folder.Journal, """
            DROP TABLE installation; DROP TABLE write_probe; DROP TABLE ledger_snapshot; DROP TABLE operator_audit;
            ALTER TABLE reservation_journal DROP COLUMN checksum; ALTER TABLE rehearsal_journal DROP COLUMN checksum;
            PRAGMA user_version = 5
            """);
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
    public void Every_refusal_is_one_line()
    {
        using var folder = StoreFolder.Sold();
        using (var file = new FileStream(folder.Journal, FileMode.Open)) file.SetLength(file.Length - 4_096);

        Assert.DoesNotContain('\n', folder.Refuses().Message);
    }

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

    private static object? IdIn(string file) => StoreFolder.Ask(file, "SELECT id FROM installation");
}

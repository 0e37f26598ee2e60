using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Grains.Schema;

/// <summary>
/// The two files of the embedded store, journal.db and members.db. A store that is damaged, incomplete, mixed from two
/// installations, or newer than the program is rejected before anything is sold from it: it would sell ids again.
/// </summary>
public sealed class SqliteStore
{
    private const long SaidAbove = 256L << 20; // bytes: reading less takes less than a second

    private const string Advice =
        "Put all files of the folder back from one backup (docs/operations.md, Backup and restore)";

    /// <summary>The list of events. Reads the whole journal.</summary>
    private const string EventsInTable =
        "SELECT event_id FROM reservation_journal NOT INDEXED WHERE seq = 1 ORDER BY event_id";

    private const string EventsInIndex = """
        SELECT event_id FROM reservation_journal INDEXED BY reservation_journal_events WHERE seq = 1
        ORDER BY event_id
        """;

    /// <summary>All events, found by the primary key: one step for each, however many entries it has.</summary>
    private const string Events = """
        WITH RECURSIVE event (id) AS (
          SELECT min(event_id) FROM reservation_journal
          UNION ALL
          SELECT (SELECT min(event_id) FROM reservation_journal WHERE event_id > event.id)
          FROM event WHERE event.id IS NOT NULL)
        """;

    /// <summary>
    /// How many sequences were ever assigned, those of a repair included: it never decreases. It takes milliseconds,
    /// because an event's last sequence is its count.
    /// </summary>
    private const string JournalRows = $"""
        {Events}
        SELECT COALESCE(sum((
            SELECT seq FROM reservation_journal last WHERE last.event_id = event.id ORDER BY seq DESC LIMIT 1)), 0)
          + (SELECT COALESCE(sum(rows_set_aside), 0) FROM installation)
        FROM event
        """;

    /// <summary>
    /// When the newest entry was decided, in microseconds since 1970: an event's last one is its newest.
    /// </summary>
    private const string NewestEntry = $"""
        {Events}
        SELECT COALESCE(max((
            SELECT decided_at FROM reservation_journal last
            WHERE last.event_id = event.id ORDER BY seq DESC LIMIT 1)), 0)
        FROM event
        """;

    private const string MembersRows = "SELECT count(*) FROM OrleansStorage";

    private readonly string _directory;
    private readonly SqliteFile _journal;
    private readonly SqliteFile _members;

    private SqliteStore(string directory)
    {
        _directory = directory;
        _journal = new(Path.Combine(directory, "journal.db"), "SqliteJournal");
        _members = new(Path.Combine(directory, "members.db"), "SqliteMembers");
    }

    /// <summary>When the newest entry was decided, as the journal was opened; 1970 when there is none.</summary>
    public DateTimeOffset NewestAt { get; private set; }

    /// <summary>True when its files were created by this start.</summary>
    public bool IsNew => _journal.IsMissing;

    /// <summary>How the journal is opened.</summary>
    public static string JournalOf(string directory) => new SqliteStore(directory)._journal.ConnectionString;

    /// <summary>How the members' file is opened.</summary>
    public static string MembersOf(string directory) => new SqliteStore(directory)._members.ConnectionString;

    /// <summary>Checks the files of a folder, creates or upgrades them, and pairs them.</summary>
    /// <param name="directory">The folder. It exists, and no other process uses it.</param>
    /// <param name="wasStarted">True when something else in the folder shows that it was in use.</param>
    /// <param name="say">Receives a line about what takes long.</param>
    /// <exception cref="StartupException">The store must not be used, and why.</exception>
    public static SqliteStore Open(string directory, bool wasStarted, Action<string> say)
    {
        var store = new SqliteStore(directory);
        try
        {
            store.Open(wasStarted, say);
            return store;
        }
        catch (Exception e) when (e is SchemaVersionException or SqliteException)
        {
            throw store.Refusal($"{e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>
    /// Writes into each file how many rows the other has, so that an older copy of one is noticed at the next start.
    /// What was written since the last note is not covered.
    /// </summary>
    public void Note()
    {
        var (journal, members) = (_journal.ReadInstallation(), _members.ReadInstallation());
        _journal.WriteInstallation(journal! with { RowsOfOther = _members.Number(MembersRows) });
        _members.WriteInstallation(members! with { RowsOfOther = _journal.Number(JournalRows) });
    }

    private void Open(bool wasStarted, Action<string> say)
    {
        foreach (var file in (SqliteFile[])[_journal, _members])
        {
            var size = (file.Length >> 20).ToString(CultureInfo.InvariantCulture);
            if (file.Length > SaidAbove) say($"Checking {file.Name} for damage: {size} MiB are read.");
            if (file.Check() is { } damage) throw Refusal($"{file.Name} is damaged ({damage}). {Advice}.");
        }
        if (_journal.IsMissing && (wasStarted || !_members.IsMissing))
        {
            throw Refusal(
                "journal.db is missing or empty, and this is no first start: tickets that were sold would be sold "
                + $"again. {Advice}.");
        }
        _journal.RequireKnownVersion();
        _members.RequireKnownVersion();

        _journal.Protect();
        _journal.Install();
        RequireTrueList();
        // The journal comes first: an interrupted first start leaves one without entries.
        if (_members.IsMissing && (wasStarted || _journal.Number(JournalRows) > 0))
        {
            throw Refusal(
                "members.db is missing or empty, and this is no first start: anyone who signs up with the id of a "
                + $"buyer would have their tickets. {Advice}.");
        }
        _members.Protect();
        _members.Install();
        Pair();
        RequireNotOlder(_journal, _journal.Number(JournalRows), _members);
        RequireNotOlder(_members, _members.Number(MembersRows), _journal);
        Note();
        NewestAt = SqliteMoments.Nearest(_journal.Number(NewestEntry));
    }

    /// <summary>
    /// An event that is missing in the index would be opened again. A missing entry is found when the event is
    /// replayed.
    /// </summary>
    private void RequireTrueList()
    {
        if (!_journal.Texts(EventsInTable).SequenceEqual(_journal.Texts(EventsInIndex), StringComparer.Ordinal))
            throw Refusal($"journal.db is damaged (its list of events is not that of its entries). {Advice}.");
    }

    /// <summary>
    /// Gives both files one id, or refuses two ids. The journal has it first, as not yet paired: an interrupted start
    /// is finished by the next, and no other file without an id is mistaken for the missing half.
    /// </summary>
    private void Pair()
    {
        var (journal, members) = (_journal.ReadInstallation(), _members.ReadInstallation());
        if (journal is null && members is null)
        {
            journal = new(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), IsPaired: false, RowsOfOther: 0);
            _journal.WriteInstallation(journal);
        }
        if (journal is { IsPaired: false } && members is null)
        {
            members = journal with { IsPaired = true };
            _members.WriteInstallation(members);
        }
        if (journal is null || journal.Id != members?.Id)
            throw Refusal($"journal.db and members.db are of different installations. {Advice}.");
        if (!journal.IsPaired) _journal.WriteInstallation(journal with { IsPaired = true });
    }

    private void RequireNotOlder(SqliteFile file, long rows, SqliteFile other)
    {
        if (other.ReadInstallation()!.RowsOfOther is var known && rows >= known) return;
        throw Refusal(
            $"{file.Name} is an older copy than {other.Name}: it has {rows} entries and had {known} already. "
            + $"{Advice}.");
    }

    private StartupException Refusal(string reason, Exception? cause = null) =>
        new($"The store in {_directory} cannot be used: {reason}", cause!);
}

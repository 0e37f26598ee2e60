using System.Data.Common;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// SQL that PostgreSQL and SQLite both understand, and how its rows read. What reads or counts one event is the same for both
/// tables: that of the journal, and that of rehearsals.
/// </summary>
internal sealed class JournalSql
{
    public static readonly JournalSql Journal = new("reservation_journal");
    public static readonly JournalSql Rehearsals = new("rehearsal_journal");

    /// <summary>The columns of an entry, in the order in which an append fills them.</summary>
    public const string ColumnNames =
        "event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms";

    private const int SearchedRestMax = 1_000; // entries that are not gathered yet; an event with more is named to everybody
    private const int Reserved = (int)EntryKind.Reserved;

    private JournalSql(string table)
    {
        Table = table;
        Columns = $"{table} ({ColumnNames})";
        Read = ReadFrom(table, "");
        ReadWithChecksum = ReadFrom(table, ", checksum");
        Head = $"SELECT seq, decided_at, actor FROM {table} WHERE event_id = $1 ORDER BY seq DESC LIMIT 1";
        Count = CountIn(table);
        CountSequences = $"SELECT count(*), COALESCE(max(seq), 0) FROM {table} WHERE event_id = $1 AND seq <= $2";
    }

    /// <summary>The table that has an event's entries. There is no other place where this is decided.</summary>
    public static JournalSql Of(string eventId) => RehearsalCopy.Is(eventId) ? Rehearsals : Journal;

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>The table and its columns, as an INSERT names them.</summary>
    public string Columns { get; }

    /// <summary>One event's entries.</summary>
    public string Read { get; }

    /// <summary>One event's entries with their checksums, which the embedded store has.</summary>
    public string ReadWithChecksum { get; }

    /// <summary>The last entry of one event: its sequence, moment and actor; no row when it has none.</summary>
    public string Head { get; }

    /// <summary>Counts one event.</summary>
    public string Count { get; }

    /// <summary>Counts one event's rows, and tells the highest sequence.</summary>
    public string CountSequences { get; }

    public const string RehearsalCopies = "SELECT DISTINCT event_id FROM rehearsal_journal";

    public const string DeleteRehearsalCopy = "DELETE FROM rehearsal_journal WHERE event_id = $1";

    public const string Events = """
        SELECT event_id FROM reservation_journal WHERE seq = 1 AND event_id > $1 ORDER BY event_id LIMIT $2
        """;

    /// <summary>
    /// What was gathered, and what was not yet: a rest of up to 1,000 entries, a few milliseconds, is searched; an event with
    /// a longer one is named without a search, for its owner knows. Of too many, those are left out first.
    /// </summary>
    public static readonly string EventsOf = $"""
        SELECT event_id FROM (
          SELECT event_id, 1 AS place FROM member_event WHERE member_id = $1
          UNION ALL
          SELECT opened.event_id, CASE WHEN {IsFarBehind} THEN 2 ELSE 1 END
          FROM reservation_journal opened LEFT JOIN member_event_head gathered ON gathered.event_id = opened.event_id
          WHERE opened.seq = 1 AND ({IsFarBehind}
            OR EXISTS (
              SELECT 1 FROM reservation_journal rest
              WHERE rest.event_id = opened.event_id AND rest.seq > COALESCE(gathered.seq, 0)
                AND rest.seq <= COALESCE(gathered.seq, 0) + {SearchedRestMax} AND rest.actor = $1 AND rest.kind = {Reserved}))
        ) mine
        GROUP BY event_id ORDER BY min(place) LIMIT $2
        """;

    public const string IndexedHead = "SELECT seq FROM member_event_head WHERE event_id = $1";

    /// <summary>Gathers the members of a part of the journal; to do it twice is to do it once.</summary>
    public static readonly string Gather = $"""
        INSERT INTO member_event (member_id, event_id)
        SELECT DISTINCT actor, event_id FROM reservation_journal
        WHERE event_id = $1 AND seq > $2 AND seq <= $3 AND kind = {Reserved}
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Says how far it was gathered, in the same transaction.</summary>
    public const string SetIndexedHead = """
        INSERT INTO member_event_head (event_id, seq) VALUES ($1, $2)
        ON CONFLICT (event_id) DO UPDATE SET seq = excluded.seq WHERE member_event_head.seq < excluded.seq
        """;

    public static JournalCount ReadCount(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3),
        row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7));

    public static EventTerms? ReadTerms(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : TermsJson.Read(row.GetString(column));

    /// <summary>
    /// The last place of the index, whatever the database believes. For an event that was opened after its statistics were taken
    /// it expects a row, and then finds max(seq) by reading all that the event sold: 0.2 s for a million.
    /// </summary>
    private static string HeadOf(string table, string eventId) =>
        $"(SELECT seq FROM {table} WHERE event_id = {eventId} ORDER BY seq DESC LIMIT 1)";

    private static string ReadFrom(string table, string further) => $"""
        SELECT seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms{further}
        FROM {table} WHERE event_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq
        """;

    private static string IsFarBehind => $"{HeadOf("reservation_journal", "opened.event_id")} > COALESCE(gathered.seq, 0) + {SearchedRestMax}";

    /// <summary>Where each reservation stands is its last transition; without one, its hold or its sale.</summary>
    private static string CountIn(string table) => $"""
        WITH entries AS (
          SELECT seq, kind, actor, idempotency_key, quantity, reservation_seq, expires_at
          FROM {table} WHERE event_id = $1 AND seq <= $2),
        transitions AS (
          SELECT reservation_seq, max(kind) AS kind FROM entries WHERE kind IN (3, 4, 5) GROUP BY reservation_seq),
        reservations AS (
          SELECT r.actor, r.quantity, r.idempotency_key,
            COALESCE(t.kind, CASE WHEN r.expires_at IS NULL THEN 3 ELSE 2 END) AS state
          FROM entries r LEFT JOIN transitions t ON t.reservation_seq = r.seq WHERE r.kind = 2)
        SELECT
          (SELECT count(*) FROM entries),
          (SELECT count(DISTINCT seq) FROM entries),
          (SELECT COALESCE(max(seq), 0) FROM entries),
          COALESCE(sum(quantity) FILTER (WHERE state = 2), 0),
          COALESCE(sum(quantity) FILTER (WHERE state = 3), 0),
          count(*) FILTER (WHERE state IN (2, 3)),
          count(DISTINCT actor) FILTER (WHERE state IN (2, 3)),
          count(idempotency_key) - count(DISTINCT CASE WHEN idempotency_key IS NOT NULL THEN actor || ' ' || idempotency_key END)
        FROM reservations
        """;
}

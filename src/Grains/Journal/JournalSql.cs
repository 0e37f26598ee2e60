using System.Data.Common;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// SQL that PostgreSQL and SQLite both understand, and how its rows are read. Statements that read or count one event
/// are the same for both tables: the journal's, and that of rehearsals.
/// </summary>
internal sealed class JournalSql
{
    public static readonly JournalSql Journal = new("reservation_journal");
    public static readonly JournalSql Rehearsals = new("rehearsal_journal");

    /// <summary>The columns of an entry, in the order in which an append fills them.</summary>
    public const string ColumnNames =
        "event_id, seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms";

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

    /// <summary>Counts one event's rows, and returns the highest sequence.</summary>
    public string CountSequences { get; }

    public const string RehearsalCopies = "SELECT DISTINCT event_id FROM rehearsal_journal";

    public const string DeleteRehearsalCopy = "DELETE FROM rehearsal_journal WHERE event_id = $1";

    public const string Events = """
        SELECT event_id FROM reservation_journal WHERE seq = 1 AND event_id > $1 ORDER BY event_id LIMIT $2
        """;

    public static JournalCount ReadCount(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3),
        row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7));

    public static EventTerms? ReadTerms(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : TermsJson.Read(row.GetString(column));

    private static string ReadFrom(string table, string further) => $"""
        SELECT seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms{further}
        FROM {table} WHERE event_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq
        """;

    /// <summary>The state of a reservation is its last transition; without one, it is held or sold.</summary>
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
          count(idempotency_key) - count(DISTINCT
            CASE WHEN idempotency_key IS NOT NULL THEN actor || ' ' || idempotency_key END)
        FROM reservations
        """;
}

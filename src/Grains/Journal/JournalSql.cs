using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Grains.Journal;

/// <summary>SQL that PostgreSQL and SQLite both understand, and how its rows read.</summary>
internal static class JournalSql
{
    public const string Read = """
        SELECT seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms
        FROM reservation_journal WHERE event_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq
        """;

    public const string Head = "SELECT COALESCE(max(seq), 0) FROM reservation_journal WHERE event_id = $1";

    public const string Events = """
        SELECT event_id FROM reservation_journal WHERE seq = 1 AND event_id > $1 ORDER BY event_id LIMIT $2
        """;

    public const string EventsOf = """
        SELECT DISTINCT event_id FROM reservation_journal WHERE actor = $1 AND kind = 2 LIMIT $2
        """;

    /// <summary>Where each reservation stands is its last transition; without one, its hold or its sale.</summary>
    public const string Count = """
        WITH entries AS (
          SELECT seq, kind, actor, idempotency_key, quantity, reservation_seq, expires_at
          FROM reservation_journal WHERE event_id = $1 AND seq <= $2),
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

    public static JournalCount ReadCount(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3),
        row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7));

    public static string? WriteTerms(EventTerms? terms) =>
        terms is null ? null : JsonSerializer.Serialize(terms, TermsJson.Default.EventTerms);

    public static EventTerms? ReadTerms(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : JsonSerializer.Deserialize(row.GetString(column), TermsJson.Default.EventTerms);
}

/// <summary>How terms stand in the journal: the names are stored, so a renamed property needs its old name here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventTerms))]
internal sealed partial class TermsJson : JsonSerializerContext;

namespace BoxOffice.Grains.Journal;

/// <summary>SQL of the member index ("my tickets"), which PostgreSQL and SQLite both understand.</summary>
internal static class MemberIndexSql
{
    // Entries that are not indexed yet and are searched for a member. An event with more is returned without a search.
    private const int SearchedRestMax = 1_000;
    private const int Reserved = (int)EntryKind.Reserved;

    /// <summary>
    /// Events of a member: from the index, and from entries that are not indexed yet. A rest of up to 1,000 entries, a
    /// few milliseconds, is searched; an event with a longer one is returned unsearched, for its owner knows. When
    /// there are too many, unsearched events are left out first.
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
                AND rest.seq <= COALESCE(gathered.seq, 0) + {SearchedRestMax}
                AND rest.actor = $1 AND rest.kind = {Reserved}))
        ) mine
        GROUP BY event_id ORDER BY min(place) LIMIT $2
        """;

    /// <summary>The sequence up to which an event's members are indexed.</summary>
    public const string Head = "SELECT seq FROM member_event_head WHERE event_id = $1";

    /// <summary>Indexes the members of a part of the journal. Repeating it changes nothing.</summary>
    public static readonly string Add = $"""
        INSERT INTO member_event (member_id, event_id)
        SELECT DISTINCT actor, event_id FROM reservation_journal
        WHERE event_id = $1 AND seq > $2 AND seq <= $3 AND kind = {Reserved}
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Stores the sequence up to which members are indexed, in the same transaction.</summary>
    public static readonly string SetHead = """
        INSERT INTO member_event_head (event_id, seq) VALUES ($1, $2)
        ON CONFLICT (event_id) DO UPDATE SET seq = excluded.seq WHERE member_event_head.seq < excluded.seq
        """;

    private static string IsFarBehind => $"{JournalHead} > COALESCE(gathered.seq, 0) + {SearchedRestMax}";

    // Reads one place of the index regardless of the planner: of an event that was opened after its statistics were
    // taken it expects one row, and would compute max(seq) by reading all that the event sold: 0.2 s for a million.
    private static string JournalHead =>
        "(SELECT seq FROM reservation_journal WHERE event_id = opened.event_id ORDER BY seq DESC LIMIT 1)";
}

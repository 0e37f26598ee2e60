using System.Data.Common;

namespace BoxOffice.Grains.Journal;

/// <summary>SQL for the audit log that PostgreSQL and SQLite both understand, and how its rows are read.</summary>
internal static class AuditSql
{
    public const string Append = """
        INSERT INTO operator_audit (call_id, is_end, actor, action, target, address, outcome, detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (call_id, is_end) DO NOTHING
        """;

    /// <summary>A page: the beginnings, each with the outcome of its end.</summary>
    public static string PageOf(AuditQuery query)
    {
        var (compare, order) = query.IsOldestFirst ? (">", "ASC") : ("<", "DESC");
        return $"""
            SELECT begun.id, begun.at, begun.actor, begun.action, begun.target, begun.address,
              COALESCE(begun.outcome, ended.outcome), begun.detail
            FROM operator_audit begun
            LEFT JOIN operator_audit ended ON ended.call_id = begun.call_id AND ended.is_end
            WHERE NOT begun.is_end AND begun.id {compare} $1 AND ($2 = '' OR begun.actor = $2)
              AND ($3 = '' OR begun.action = $3)
            ORDER BY begun.id {order} LIMIT $4
            """;
    }

    public static object[] ValuesOf(AuditRecord record) =>
    [
        record.CallId, record.IsEnd, record.Actor, record.Action, record.Target, record.Address,
        (object?)record.Outcome ?? DBNull.Value, (object?)record.Detail ?? DBNull.Value,
    ];

    public static object[] ValuesOf(AuditQuery query) =>
    [
        query.After > 0 || query.IsOldestFirst ? query.After : long.MaxValue, query.Actor, query.Action,
        (long)Math.Clamp(query.CountMax, 1, AuditQuery.CountLimit),
    ];

    public static AuditEntry ReadEntry(DbDataReader row, DateTimeOffset at) => new(
        row.GetInt64(0), at, row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
        row.IsDBNull(6) ? null : row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7));
}

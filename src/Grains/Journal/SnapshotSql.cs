using System.Data.Common;
using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Journal;

/// <summary>SQL for parts of snapshots that PostgreSQL and SQLite both understand, and how its rows are read.</summary>
internal static class SnapshotSql
{
    public const string Parts = """
        SELECT after_seq, seq, format, start_digest, tail_digest, end_digest
        FROM ledger_snapshot WHERE event_id = $1 ORDER BY seq
        """;

    public const string Bytes = "SELECT data FROM ledger_snapshot WHERE event_id = $1 AND seq = $2";

    public const string Write = """
        INSERT INTO ledger_snapshot (event_id, after_seq, seq, format, start_digest, tail_digest, end_digest, data)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (event_id, seq) DO UPDATE SET after_seq = excluded.after_seq, format = excluded.format,
          start_digest = excluded.start_digest, tail_digest = excluded.tail_digest, end_digest = excluded.end_digest,
          data = excluded.data
        """;

    public const string Delete = "DELETE FROM ledger_snapshot WHERE event_id = $1 AND seq >= $2";

    public static SnapshotPart ReadPart(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), Digest(row, 3), Digest(row, 4), Digest(row, 5));

    public static object[] ValuesOf(string eventId, in SnapshotPart part, byte[] bytes) =>
    [
        eventId, part.After, part.Sequence, part.Format,
        EntryDigest.ToBytes(part.Start), EntryDigest.ToBytes(part.Tail), EntryDigest.ToBytes(part.End), bytes,
    ];

    private static UInt128 Digest(DbDataReader row, int column) =>
        EntryDigest.FromBytes(row.GetFieldValue<byte[]>(column));
}

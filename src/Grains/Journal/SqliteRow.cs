using System.Text.Json;
using BoxOffice.Grains.Ledger;
using BoxOffice.Grains.Schema;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Reads a row of the embedded journal. One that differs from what was written is <see cref="EntryKind.Damaged"/>.
/// </summary>
internal static class SqliteRow
{
    /// <summary>The entry in a row of <see cref="JournalSql.ReadWithChecksum"/>.</summary>
    public static JournalEntry Read(SqliteDataReader row, string eventId)
    {
        try
        {
            var entry = new JournalEntry(
                row.GetInt64(0),
                (EntryKind)row.GetInt16(1),
                SqliteMoments.Exactly(row.GetInt64(2)),
                row.GetString(3),
                row.IsDBNull(4) ? null : row.GetString(4),
                row.GetInt32(5),
                row.IsDBNull(6) ? 0 : row.GetInt64(6),
                row.IsDBNull(7) ? null : SqliteMoments.Exactly(row.GetInt64(7)),
                JournalSql.ReadTerms(row, 8));
            return IsAsWritten(row, eventId) ? entry : entry with { Kind = EntryKind.Damaged };
        }
        catch (Exception e)
            when (e is InvalidOperationException or ArgumentException or OverflowException or JsonException)
        {
            return new(row.GetInt64(0), EntryKind.Damaged, DateTimeOffset.UnixEpoch, ""); // the values form no entry
        }
    }

    /// <summary>
    /// The last entry in a row of <see cref="JournalSql.Head"/>. For a damaged one the moment is the nearest that
    /// exists.
    /// </summary>
    public static JournalHead ReadHead(SqliteDataReader row) =>
        new(row.GetInt64(0), SqliteMoments.Nearest(row.GetInt64(1)), row.GetString(2));

    private static bool IsAsWritten(SqliteDataReader row, string eventId) =>
        row.IsDBNull(9) // written before rows had a checksum
        || row.GetInt64(9) == RowChecksum.Of(
            eventId, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4),
            row.GetInt64(5), row.IsDBNull(6) ? null : row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt64(7),
            row.IsDBNull(8) ? null : row.GetString(8));
}

using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// The kind of a journal row. The stored numbers are repeated here, so that the audit does not depend on our code.
/// </summary>
public enum StoredKind : short
{
    Opened = 1,
    Reserved = 2,
    Confirmed = 3,
    Cancelled = 4,
    Expired = 5,
    Changed = 6,
    Paused = 7,
    Resumed = 8,
    TakenOver = 9,
}

/// <summary>Terms of sale, from the row of an opened or changed event.</summary>
public sealed record StoredTerms(
    int Capacity,
    int MaxPerMember = 1,
    int HoldSeconds = 0,
    DateTimeOffset? OpensAt = null,
    DateTimeOffset? ClosesAt = null);

/// <summary>One row of the journal.</summary>
public sealed record StoredEntry(
    long Sequence,
    StoredKind Kind,
    DateTimeOffset DecidedAt,
    string Actor,
    string? Key = null,
    int Quantity = 0,
    long ReservationSequence = 0,
    DateTimeOffset? ExpiresAt = null,
    StoredTerms? Terms = null);

/// <summary>
/// The journal rows of one event, read without any product code: a wrong ledger or journal cannot make its reader wrong
/// too. Only the table's columns and the stored numbers are known here.
/// </summary>
/// <param name="EventId">The event.</param>
/// <param name="Entries">The rows in the order of their sequence.</param>
public sealed record StoredJournal(string EventId, IReadOnlyList<StoredEntry> Entries)
{
    private const string Rows = """
        SELECT seq, kind, decided_at, actor, idempotency_key, quantity, reservation_seq, expires_at, terms
        FROM reservation_journal WHERE event_id = $1 ORDER BY seq
        """;

    /// <summary>Reads all rows of an event.</summary>
    public static async Task<StoredJournal> ReadAsync(string connectionString, string eventId)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Rows, connection) { Parameters = { new() { Value = eventId } } };
        return await ReadAsync(command, eventId, (row, column) => row.GetFieldValue<DateTimeOffset>(column));
    }

    /// <summary>
    /// Reads all rows of an event from an embedded store whose program has stopped. Its times are microseconds since
    /// 1970.
    /// </summary>
    public static async Task<StoredJournal> ReadStoreAsync(string directory, string eventId)
    {
        await using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(directory, "journal.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = new SqliteCommand(Rows, connection) { Parameters = { new("$1", eventId) } };
        return await ReadAsync(
            command, eventId, (row, column) => DateTimeOffset.UnixEpoch.AddMicroseconds(row.GetInt64(column)));
    }

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    public static StoredJournal Load(string path)
    {
        var lines = File.ReadAllLines(path);
        var eventId = JsonSerializer.Deserialize<string>(lines[0])!;
        return new(eventId,
            [.. lines.Skip(1).Select(line => JsonSerializer.Deserialize<StoredEntry>(line, HistoryFile.Json)!)]);
    }

    /// <summary>Writes the rows as NDJSON, so that a failing run can be audited again.</summary>
    public void Save(string path)
    {
        var rows = Entries.Select(entry => JsonSerializer.Serialize(entry, HistoryFile.Json));
        File.WriteAllLines(path, [JsonSerializer.Serialize(EventId), .. rows]);
    }

    private static async Task<StoredJournal> ReadAsync(
        DbCommand command, string eventId, Func<DbDataReader, int, DateTimeOffset> moment)
    {
        await using var row = await command.ExecuteReaderAsync();
        var entries = new List<StoredEntry>();
        while (await row.ReadAsync())
        {
            entries.Add(new(
                row.GetInt64(0),
                (StoredKind)row.GetInt16(1),
                moment(row, 2),
                row.GetString(3),
                await row.IsDBNullAsync(4) ? null : row.GetString(4),
                row.GetInt32(5),
                await row.IsDBNullAsync(6) ? 0 : row.GetInt64(6),
                await row.IsDBNullAsync(7) ? null : moment(row, 7),
                await row.IsDBNullAsync(8)
                    ? null
                    : JsonSerializer.Deserialize<StoredTerms>(row.GetString(8), HistoryFile.Json)));
        }
        return new(eventId, entries);
    }
}

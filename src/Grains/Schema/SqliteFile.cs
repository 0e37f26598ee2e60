using System.Globalization;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Grains.Schema;

/// <summary>
/// One file of the embedded store, for the checks before it is used. The connection is closed after each check.
/// </summary>
internal sealed class SqliteFile(string path, string schema)
{
    // https://sqlite.org/rescode.html
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private static readonly string[] Companions = ["", "-wal", "-shm"];

    /// <summary>The file's name, for messages.</summary>
    public string Name => Path.GetFileName(path);

    /// <summary>
    /// How it is opened: never as a new file, for a missing one must not be replaced by an empty one.
    /// </summary>
    public string ConnectionString { get; } =
        new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite }.ConnectionString;

    /// <summary>Its size with its log, in bytes; 0 when it is missing.</summary>
    public long Length =>
        Companions.Sum(suffix => new FileInfo(path + suffix) is { Exists: true } file ? file.Length : 0);

    /// <summary>True when nothing was ever installed in it, or it is not there.</summary>
    public bool IsMissing { get; private set; } = true;

    /// <summary>
    /// Creates the file when it is missing, readable for this user only. SQLite gives <c>-wal</c> and <c>-shm</c>
    /// the file's own permissions when it creates them.
    /// </summary>
    public void Protect()
    {
        PrivateFile.Open(path, FileMode.OpenOrCreate).Dispose();
        foreach (var suffix in Companions) PrivateFile.Protect(path + suffix);
    }

    /// <summary>
    /// Reads the whole file: its pages, the order of its keys, the types and checks of its columns. Null when it is
    /// sound or missing, else the first error. It cannot detect a value that was changed into another valid one.
    /// </summary>
    public string? Check()
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0) return null;
        // Before it is opened: SQLite would truncate the log.
        if (SqliteLog.LosesCommits(path + "-wal")) return $"commits in {Name}-wal cannot be read";
        try
        {
            using var connection = Open();
            IsMissing = Number(connection, "PRAGMA user_version") == 0;
            var first = (string)Scalar(connection, "PRAGMA quick_check(1)")!;
            return first == "ok" ? null : first.ReplaceLineEndings(" ");
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            return e.Message;
        }
    }

    /// <summary>Throws when the file is newer than this program.</summary>
    public void RequireKnownVersion()
    {
        if (IsMissing) return;
        using var connection = Open();
        SchemaScript.Missing(SchemaScript.In(schema), (int)Number(connection, "PRAGMA user_version"), Name);
    }

    /// <summary>Creates or upgrades its tables.</summary>
    public void Install() => SqliteSchema.Install(ConnectionString + ";Pooling=False", schema);

    /// <summary>Which installation it belongs to; null when it has none yet.</summary>
    public Installation? ReadInstallation()
    {
        using var connection = Open();
        using var command = new SqliteCommand("SELECT id, is_paired, rows_of_other FROM installation", connection);
        using var row = command.ExecuteReader();
        return row.Read() ? new(row.GetString(0), row.GetBoolean(1), row.GetInt64(2)) : null;
    }

    /// <summary>Stores which installation it belongs to.</summary>
    public void WriteInstallation(Installation installation)
    {
        using var connection = Open();
        using var command = new SqliteCommand("""
            INSERT INTO installation (one, id, is_paired, rows_of_other) VALUES (1, $1, $2, $3)
            ON CONFLICT (one) DO UPDATE
            SET id = excluded.id, is_paired = excluded.is_paired, rows_of_other = excluded.rows_of_other
            """, connection);
        command.Parameters.AddWithValue("$1", installation.Id);
        command.Parameters.AddWithValue("$2", installation.IsPaired);
        command.Parameters.AddWithValue("$3", installation.RowsOfOther);
        command.ExecuteNonQuery();
    }

    /// <summary>The number that a query returns.</summary>
    public long Number(string sql)
    {
        using var connection = Open();
        return Number(connection, sql);
    }

    /// <summary>The texts that a query returns.</summary>
    public List<string> Texts(string sql)
    {
        using var connection = Open();
        using var command = new SqliteCommand(sql, connection) { CommandTimeout = 0 };
        using var rows = command.ExecuteReader();
        var all = new List<string>();
        while (rows.Read()) all.Add(rows.GetString(0));
        return all;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString + ";Pooling=False");
        connection.Open();
        return connection;
    }

    private static long Number(SqliteConnection connection, string sql) =>
        Convert.ToInt64(Scalar(connection, sql), CultureInfo.InvariantCulture);

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection) { CommandTimeout = 0 }; // a large file takes a while
        return command.ExecuteScalar();
    }
}

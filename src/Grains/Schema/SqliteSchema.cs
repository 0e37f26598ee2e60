using Microsoft.Data.Sqlite;

namespace BoxOffice.Grains.Schema;

/// <summary>Creates and upgrades the tables in a SQLite file.</summary>
internal static class SqliteSchema
{
    /// <summary>
    /// Brings the file to this program's version, in one transaction that locks out other writers. The version is
    /// SQLite's own <c>user_version</c>.
    /// </summary>
    /// <exception cref="SchemaVersionException">The file is newer than this program.</exception>
    public static void Install(string connectionString, string folder)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        Execute("PRAGMA journal_mode = WAL"); // kept in the file, for every later connection
        Execute("BEGIN IMMEDIATE");
        using var read = new SqliteCommand("PRAGMA user_version", connection);
        var installed = Convert.ToInt32(read.ExecuteScalar(), null);
        foreach (var script in SchemaScript.Missing(SchemaScript.In(folder), installed, connection.DataSource))
        {
            Execute(script.Sql);
            Execute($"PRAGMA user_version = {script.Version}");
        }
        Execute("COMMIT");

        void Execute(string sql)
        {
            using var command = new SqliteCommand(sql, connection);
            command.ExecuteNonQuery();
        }
    }
}

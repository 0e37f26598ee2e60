using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Grains.Journal;

/// <summary>Opens the journal's SQLite file, and runs commands on it.</summary>
internal sealed class SqliteConnections(string connectionString)
{
    private readonly string _file = new SqliteConnectionStringBuilder(connectionString).DataSource;

    /// <summary>False when the file was removed.</summary>
    public bool HasFile => File.Exists(_file);

    /// <summary>
    /// Throws when the file was removed: a process that has it open can still write it, but no later one can read it.
    /// </summary>
    public void RequireFile()
    {
        if (!HasFile) throw new FileNotFoundException("The journal's file is gone.");
    }

    /// <summary>Continues on the thread pool, so that a grain's thread does not wait for the disk.</summary>
    public static ConfiguredTaskAwaitable LeaveSchedulerAsync() =>
        Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    /// <summary>A connection of the pool.</summary>
    public SqliteConnection Open() => Open(connectionString);

    /// <summary>A connection for writing. A pooled one would keep the transaction that a failure left open.</summary>
    public SqliteConnection OpenUnpooled() => Open(connectionString + ";Pooling=False");

    /// <summary>A command with its parameters, from $1.</summary>
    public static SqliteCommand Command(SqliteConnection connection, string sql, params object[] values)
    {
        var command = new SqliteCommand(sql, connection);
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return command;
    }

    /// <summary>Runs one command on the thread pool, with a connection of its own.</summary>
    public async Task<T> RunAsync<T>(Func<SqliteCommand, T> run, string sql, params object[] values)
    {
        await LeaveSchedulerAsync();
        using var connection = Open();
        using var command = Command(connection, sql, values);
        return run(command);
    }

    /// <summary>The first column of all rows.</summary>
    public Task<string[]> IdsAsync(string sql, params object[] values) => RunAsync(command =>
    {
        using var rows = command.ExecuteReader();
        var ids = new List<string>();
        while (rows.Read()) ids.Add(rows.GetString(0));
        return ids.ToArray();
    }, sql, values);

    private static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }
}

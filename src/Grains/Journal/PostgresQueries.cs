using Npgsql;

namespace BoxOffice.Grains.Journal;

/// <summary>Short forms of commands with positional parameters.</summary>
internal static class PostgresQueries
{
    /// <summary>A command with its parameters, from $1.</summary>
    public static NpgsqlCommand Command(this NpgsqlDataSource database, string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    /// <summary>The first column of all rows.</summary>
    public static async Task<string[]> IdsAsync(this NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.Command(sql, values);
        await using var rows = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await rows.ReadAsync()) ids.Add(rows.GetString(0));
        return [.. ids];
    }
}

using System.Data.Common;
using Npgsql;

namespace BoxOffice.Grains.Schema;

/// <summary>
/// Requirements of a connection string and a server: of several hosts the primary is used, a session has one server
/// process from beginning to end, and there are enough connections.
/// </summary>
public static class PostgresConnections
{
    // With Npgsql's 10 s, a promoted standby would count as a standby for so long.
    private const int HostRecheckSeconds = 1;

    /// <summary>
    /// Completes a connection string with several hosts (<c>Host=a,b</c>): only the primary is used, and it is
    /// determined again each second, unless the string sets another period.
    /// </summary>
    /// <exception cref="StartupException">
    /// It is no connection string, or asks for servers that cannot be written.
    /// </exception>
    public static string Complete(string connectionString)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            if (builder.Host?.Contains(',', StringComparison.Ordinal) != true) return connectionString;
            if (builder.TargetSessionAttributes is { } target
                && target.ToLowerInvariant() is not ("primary" or "read-write"))
            {
                throw new StartupException(
                    $"ConnectionStrings__boxoffice asks for Target Session Attributes={target}, and such a server may "
                    + "be one that cannot be written: use primary, or leave it out.");
            }
            builder.TargetSessionAttributes ??= "primary";
            var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
            if (!given.ContainsKey("Host Recheck Seconds") && !given.ContainsKey(nameof(builder.HostRecheckSeconds)))
                builder.HostRecheckSeconds = HostRecheckSeconds;
            return builder.ConnectionString;
        }
        catch (ArgumentException e)
        {
            throw new StartupException(
                $"ConnectionStrings__boxoffice is not a PostgreSQL connection string: {e.Message}", e);
        }
    }

    /// <summary>Null when a session stays with one server process; else what was found.</summary>
    public static async Task<string?> PoolerAsync(NpgsqlDataSource database, CancellationToken stop = default)
    {
        await using var first = await database.OpenConnectionAsync(stop);
        var before = await ProcessOfAsync(first, stop);
        await using var second = await database.OpenConnectionAsync(stop);
        // While this transaction lasts, no other session has its process; a pooler that shares processes between
        // transactions assigns it the one that the first connection just had, or assigns the first another.
        await using var transaction = await second.BeginTransactionAsync(stop);
        var other = await ProcessOfAsync(second, stop);
        var after = await ProcessOfAsync(first, stop);
        return other == before || after != before
            ? "one connection is served by several server processes, as by pgbouncer with pool_mode=transaction"
            : null;
    }

    /// <summary>How many connections this role may have in this database.</summary>
    public static async Task<int> AllowedAsync(NpgsqlDataSource database, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand("""
            SELECT LEAST(
              (SELECT sum(CASE WHEN name = 'max_connections' THEN setting::int ELSE -setting::int END) FROM pg_settings
               WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')),
              (SELECT NULLIF(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
              (SELECT NULLIF(datconnlimit, -1) FROM pg_database WHERE datname = current_database()))::int
            """);
        return (int)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>Silos of a cluster that are alive, other than the one at an address and port.</summary>
    public static async Task<int> OtherSilosAsync(
        NpgsqlDataSource database, BoxOfficeOptions options, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand("""
            SELECT count(*)::int FROM orleansmembershiptable
            WHERE deploymentid = $1 AND status = 3 AND NOT (address = $2 AND port = $3)
            """);
        command.Parameters.Add(new() { Value = options.ClusterId });
        command.Parameters.Add(new() { Value = options.AdvertisedAddress });
        command.Parameters.Add(new() { Value = options.SiloPort });
        return (int)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>
    /// The latest generation of a silo at this one's address and port that its cluster has seen; null when there was
    /// none.
    /// </summary>
    public static async Task<int?> GenerationAsync(
        NpgsqlDataSource database, BoxOfficeOptions options, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand("""
            SELECT max(generation) FROM orleansmembershiptable
            WHERE deploymentid = $1 AND address = $2 AND port = $3
            """);
        command.Parameters.Add(new() { Value = options.ClusterId });
        command.Parameters.Add(new() { Value = options.AdvertisedAddress });
        command.Parameters.Add(new() { Value = options.SiloPort });
        return await command.ExecuteScalarAsync(stop) as int?;
    }

    private static async Task<int> ProcessOfAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)(await command.ExecuteScalarAsync(stop))!;
    }
}

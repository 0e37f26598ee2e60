using BoxOffice.Grains;
using BoxOffice.Grains.Schema;
using Npgsql;

namespace BoxOffice.Peers;

/// <summary>PostgreSQL as the peers use it, configured for speed and safety.</summary>
internal static class PeerDatabase
{
    private const int StatementsPreparedMax = 16; // more than any peer has

    /// <summary>A pool on a database that keeps what it confirms.</summary>
    /// <exception cref="StartupException">It is not set, cannot be reached, or may lose commits.</exception>
    public static async Task<NpgsqlDataSource> OpenAsync(IConfiguration configuration, PeerOptions options)
    {
        if (configuration.GetConnectionString(PeerOptions.ConnectionStringName) is not { Length: > 0 } connectionString)
            throw new StartupException("ConnectionStrings__peers is not set.");
        try
        {
            var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
            {
                MaxPoolSize = options.PoolSize,
                MaxAutoPrepare = StatementsPreparedMax,
                AutoPrepareMinUsages = 2,
                NoResetOnClose = true, // no peer leaves anything in a session
                Enlist = false, // nor uses ambient transactions
            });
            if (await PostgresChecks.UnsafeSettingsAsync(database) is { } unsafeSettings)
                throw new StartupException($"PostgreSQL may lose what it has confirmed: {unsafeSettings}.");
            return database;
        }
        catch (ArgumentException e)
        {
            throw new StartupException(
                $"ConnectionStrings__peers is not a PostgreSQL connection string: {e.Message}", e);
        }
        catch (NpgsqlException e)
        {
            throw new StartupException($"PostgreSQL cannot be used: {e.Message}. Check ConnectionStrings__peers.", e);
        }
    }
}

using Npgsql;

namespace BoxOffice.Testing;

/// <summary>
/// A PostgreSQL primary and its standby, with a network between them that a test can cut. One connection string names
/// both, and Npgsql finds the primary. Roles change; each server keeps its port.
/// </summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private const string Following =
        "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = 'standby'";

    private readonly LossyProxy _link;
    private readonly bool _isSynchronous;

    private PostgresPair(PostgresServer primary, bool isSynchronous)
    {
        (Primary, Standby, _isSynchronous) = (primary, primary, isSynchronous);
        _link = new(primary.Port);
    }

    /// <summary>Takes writes.</summary>
    public PostgresServer Primary { get; private set; }

    /// <summary>Follows the primary; after a failover, the server that was the primary.</summary>
    public PostgresServer Standby { get; private set; }

    /// <summary>
    /// Starts both. With a synchronous standby, a commit is confirmed when the standby has it on disk.
    /// </summary>
    public static Task<PostgresPair> StartNewAsync(bool isSynchronous, params string[] settings) =>
        StartNewAsync(isSynchronous, null, settings);

    /// <summary>Starts both with one clock that a test sets.</summary>
    public static async Task<PostgresPair> StartNewAsync(bool isSynchronous, FakeClock? clock, params string[] settings)
    {
        // A standby that lost its primary retries twice a second instead of every 5 s.
        var pair = new PostgresPair(
            await PostgresServer.StartNewAsync(clock, [.. settings, "wal_retrieve_retry_interval=500ms"]),
            isSynchronous);
        pair.Standby = await pair.Primary.StartStandbyAsync(pair._link.Port);
        await pair.BeginToFollowAsync();
        return pair;
    }

    /// <summary>The connection string of a database, on whichever server is the primary.</summary>
    public string ConnectionString(string database)
    {
        var primary = new NpgsqlConnectionStringBuilder(Primary.ConnectionString(database));
        return $"Host=127.0.0.1:{Primary.Port},127.0.0.1:{Standby.Port};Username={primary.Username};"
            + $"Database={primary.Database};Timeout=3;Target Session Attributes=primary;Host Recheck Seconds=1";
    }

    /// <summary>Returns when the standby has replayed all that the primary had written at the call.</summary>
    public async Task CaughtUpAsync()
    {
        var written = await Primary.AskAsync<string>("postgres", "SELECT pg_current_wal_lsn()::text");
        await Wait.UntilAsync("the standby has caught up", () =>
            Standby.AskAsync<bool>("postgres", $"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"));
    }

    /// <summary>Cuts the servers from each other: nothing arrives, and no connection ends.</summary>
    public void Cut() => _link.IsCut = true;

    /// <summary>
    /// Kills the primary and promotes the standby. Returns when the standby takes writes.
    /// </summary>
    public async Task FailOverAsync()
    {
        await Primary.KillAsync();
        await PromoteAsync();
    }

    /// <summary>Promotes the standby. The old primary keeps its state: running, frozen or ended.</summary>
    public async Task PromoteAsync()
    {
        await Standby.PromoteAsync();
        (Primary, Standby) = (Standby, Primary);
    }

    /// <summary>
    /// Heals the network, starts servers that do not run, and rebuilds the standby when it does not follow the primary.
    /// </summary>
    public async Task MendAsync()
    {
        _link.IsCut = false;
        if (!Primary.IsRunning) await Primary.StartAsync();
        if (await IsFollowedAsync()) return;
        _link.LeadTo(Primary.Port);
        // A copy with this setting would wait for a standby of its own.
        await SetAsync("ALTER SYSTEM RESET synchronous_standby_names");
        await Standby.FollowAsync(_link.Port);
        await BeginToFollowAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
        await _link.DisposeAsync();
    }

    private async Task BeginToFollowAsync()
    {
        await Wait.UntilAsync("the standby follows the primary", IsFollowedAsync);
        if (!_isSynchronous) return;
        // Set only now: a primary without a standby would wait for it with each commit. ALTER SYSTEM stores it with the
        // data, so that an old primary that returns after a promotion confirms nothing.
        await SetAsync("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await Wait.UntilAsync("the primary waits for the standby", async () =>
            await Primary.AskAsync<long>("postgres", $"{Following} AND sync_state = 'sync'") == 1);
    }

    private async Task SetAsync(string change)
    {
        await Primary.ExecuteAsync("postgres", change);
        await Primary.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
    }

    private async Task<bool> IsFollowedAsync() =>
        Standby.IsRunning && await Primary.AskAsync<long>("postgres", Following) == 1;
}

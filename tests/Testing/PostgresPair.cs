using Npgsql;

namespace BoxOffice.Testing;

/// <summary>
/// Two PostgreSQL servers, of which one is the primary and the other its standby, with a network between them that can be
/// cut. Clients reach both by one connection string and find the primary. Roles change; each server keeps its port.
/// </summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private const string Following = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = 'standby'";

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

    /// <summary>Makes both. When the standby is synchronous, no commit is confirmed before it has it on disk.</summary>
    public static Task<PostgresPair> StartNewAsync(bool isSynchronous, params string[] settings) => StartNewAsync(isSynchronous, null, settings);

    /// <summary>The same, with one clock for both that a test sets.</summary>
    public static async Task<PostgresPair> StartNewAsync(bool isSynchronous, FakeClock? clock, params string[] settings)
    {
        // A standby that lost its primary looks for it twice a second instead of every five.
        var pair = new PostgresPair(await PostgresServer.StartNewAsync(clock, [.. settings, "wal_retrieve_retry_interval=500ms"]), isSynchronous);
        pair.Standby = await pair.Primary.StartStandbyAsync(pair._link.Port);
        await pair.BeginToFollowAsync();
        return pair;
    }

    /// <summary>How clients reach a database, wherever its primary is.</summary>
    public string ConnectionString(string database)
    {
        var one = new NpgsqlConnectionStringBuilder(Primary.ConnectionString(database));
        return $"Host=127.0.0.1:{Primary.Port},127.0.0.1:{Standby.Port};Username={one.Username};Database={one.Database};"
            + "Timeout=3;Target Session Attributes=primary;Host Recheck Seconds=1";
    }

    /// <summary>Returns when the standby has what the primary had when this was called.</summary>
    public async Task CaughtUpAsync()
    {
        var written = await Primary.AskAsync<string>("postgres", "SELECT pg_current_wal_lsn()::text");
        await Wait.UntilAsync("the standby has caught up", () =>
            Standby.AskAsync<bool>("postgres", $"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"));
    }

    /// <summary>The two servers lose each other: nothing arrives, and no connection ends.</summary>
    public void Cut() => _link.IsCut = true;

    /// <summary>The primary is killed, and the standby takes its place with what it has. Returns when it takes writes.</summary>
    public async Task FailOverAsync()
    {
        await Primary.KillAsync();
        await PromoteAsync();
    }

    /// <summary>The standby takes the primary's place, whatever the primary does.</summary>
    public async Task PromoteAsync()
    {
        await Standby.PromoteAsync();
        (Primary, Standby) = (Standby, Primary);
    }

    /// <summary>The network heals, what does not run starts, and a server that does not follow the primary is made its standby anew.</summary>
    public async Task MendAsync()
    {
        _link.IsCut = false;
        if (!Primary.IsRunning) await Primary.StartAsync();
        if (await IsFollowedAsync()) return;
        _link.LeadTo(Primary.Port);
        await SetAsync("ALTER SYSTEM RESET synchronous_standby_names"); // the copy must not have it: it would wait for a standby of its own
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
        // Only now, and only here: a primary that has no standby yet would wait for it with each commit. Kept with the data, so
        // that a primary that comes back after its standby was promoted confirms nothing.
        await SetAsync("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        await Wait.UntilAsync("the primary waits for the standby", async () => await Primary.AskAsync<long>("postgres", $"{Following} AND sync_state = 'sync'") == 1);
    }

    private async Task SetAsync(string change)
    {
        await Primary.ExecuteAsync("postgres", change);
        await Primary.ExecuteAsync("postgres", "SELECT pg_reload_conf()");
    }

    private async Task<bool> IsFollowedAsync() =>
        Standby.IsRunning && await Primary.AskAsync<long>("postgres", Following) == 1;
}

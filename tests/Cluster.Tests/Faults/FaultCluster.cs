using BoxOffice.Testing;
using BoxOffice.Testing.Faults;
using Npgsql;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// The cluster of the nights: three silos and two front-ends on a PostgreSQL server, each process with a clock that a
/// test sets. Every fault of a night can be mended.
/// </summary>
public sealed class FaultCluster : IAsyncDisposable
{
    // Many snapshots in a short night: a new owner starts from one.
    private static readonly Dictionary<string, string> Snapshots = new() { ["SnapshotEntries"] = "50" };

    private const int Silos = 3;
    private const int BuyersCount = 640; // so many that none exceeds the rate limit

    // A database without its synchronous standby confirms nothing: each append and each buyer waits for these times,
    // which are 10 s by default. Nights that do not test the timeouts shorten them.
    private static readonly Dictionary<string, string> ShortTimeouts = new()
    {
        ["AppendTimeout"] = "00:00:02",
        ["ResponseTimeout"] = "00:00:04",
    };

    private readonly FakeClock _clock;
    private readonly PostgresServer _single;
    private readonly string _database;
    private int _nights;

    private FaultCluster(FakeClock clock, PostgresServer single, string database) =>
        (_clock, _single, _database) = (clock, single, new NpgsqlConnectionStringBuilder(database).Database!);

    /// <summary>The server that takes writes: the primary of a pair.</summary>
    public PostgresServer Postgres => Pair?.Primary ?? _single;

    /// <summary>The primary and its standby; null for a single server.</summary>
    public PostgresPair? Pair { get; private init; }

    /// <summary>
    /// The maximum difference between the processes' clocks and ours: they follow the database's, and may be wrong by a
    /// second after it was set.
    /// </summary>
    public TimeSpan ClockTolerance { get; private set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The connection string of the database without proxy, balancer or network.</summary>
    public string Database => DatabaseAt(Postgres);

    public BoxOfficeCluster Cluster { get; private set; } = null!;

    /// <summary>The proxy between the silos and the database; null without one.</summary>
    public LossyProxy? Proxy { get; private set; }

    /// <summary>haproxy in front of both database servers; null without one.</summary>
    public PostgresBalancer? Balancer { get; private init; }

    /// <summary>The silos' networks; null when all is on loopback.</summary>
    public SiloNetwork? Network { get; private set; }

    /// <summary>All buyers of the nights.</summary>
    public IReadOnlyList<Buyer> Buyers { get; private set; } = [];

    /// <param name="isNetworked">Each silo has its own network, which can be cut.</param>
    /// <param name="isLossy">The database's replies to silos can be dropped.</param>
    public static async Task<FaultCluster> OpenAsync(bool isNetworked = false, bool isLossy = false)
    {
        var network = isNetworked ? SiloNetwork.Create(Silos) : null;
        var clock = new FakeClock();
        var postgres = await PostgresServer.StartNewAsync(network?.DatabaseAddress, clock, "max_connections=200");
        var cluster = new FaultCluster(clock, postgres, await postgres.CreateDatabaseAsync()) { Network = network };
        try
        {
            await cluster.OpenAsync(isLossy);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a cluster on a primary with a standby.</summary>
    /// <param name="isSynchronous">Commits are confirmed when the standby has them.</param>
    /// <param name="isBalanced">Silos and front-ends use one address, of haproxy; else a list of both servers.</param>
    /// <param name="hasDefaultTimeouts">Appends and buyers wait for the standby with the default timeouts.</param>
    public static async Task<FaultCluster> OpenReplicatedAsync(
        bool isSynchronous = true, bool isBalanced = false, bool hasDefaultTimeouts = false)
    {
        var clock = new FakeClock();
        var pair = await PostgresPair.StartNewAsync(isSynchronous, clock, "max_connections=200");
        var cluster = new FaultCluster(clock, pair.Primary, await pair.Primary.CreateDatabaseAsync())
        {
            Pair = pair,
            Balancer = isBalanced ? await PostgresBalancer.StartAsync(pair) : null,
        };
        try
        {
            var database = cluster.Balancer?.ConnectionString(cluster._database)
                ?? pair.ConnectionString(cluster._database);
            await cluster.OpenAsync(
                database, new(Silos, FrontEnds: 2, Settings: hasDefaultTimeouts ? null : ShortTimeouts));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection string of the database on one server, primary or standby.</summary>
    public string DatabaseAt(PostgresServer server) => server.ConnectionString(_database);

    /// <summary>Sets the wall clock of the database servers to this much ahead of ours.</summary>
    public void SetDatabaseClock(TimeSpan ahead)
    {
        ClockTolerance = TimeSpan.FromSeconds(1);
        _clock.Set(ahead);
    }

    /// <summary>A unique name for the next night's events.</summary>
    public string NextName() => $"night-{Interlocked.Increment(ref _nights)}";

    /// <summary>
    /// Ends all faults: sets clocks right, heals the network, thaws and starts processes. Returns when every front-end
    /// is ready.
    /// </summary>
    public async Task MendAsync()
    {
        ClusterProcess[] processes = [.. Cluster.Silos, .. Cluster.FrontEnds];
        foreach (var process in processes) process.Clock!.Set(TimeSpan.Zero);
        _clock.Set(TimeSpan.Zero);
        Network?.Heal();
        if (Proxy is not null) Proxy.SwallowsReplies = false;
        foreach (var silo in Cluster.Silos.Where(process => process.IsRunning)) silo.Thaw();
        if (Pair is not null) await Pair.MendAsync();
        if (!Postgres.IsRunning) await Postgres.StartAsync();
        await Cluster.StartMissingAsync(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null) await Cluster.DisposeAsync();
        if (Proxy is not null) await Proxy.DisposeAsync();
        if (Balancer is not null) await Balancer.DisposeAsync();
        await (Pair?.DisposeAsync() ?? _single.DisposeAsync());
        Network?.Dispose();
        _clock.Dispose();
    }

    private async Task OpenAsync(bool isLossy)
    {
        var seenBySilos = new NpgsqlConnectionStringBuilder(Database);
        if (isLossy) Proxy = new(seenBySilos.Port, Network?.DatabaseAddress);
        if (Proxy is not null) seenBySilos.Port = Proxy.Port;
        if (Network is not null) seenBySilos.Host = Network.DatabaseAddress.ToString();
        await OpenAsync(seenBySilos.ConnectionString,
            new(Silos, FrontEnds: 2, FrontEndConnectionString: Database, Network: Network));
    }

    private async Task OpenAsync(string database, ClusterShape shape)
    {
        Cluster = await BoxOfficeCluster.StartAsync(
            database, shape with { Settings = shape.Settings ?? Snapshots, HasClocks = true });
        Buyers = await Buyer.IssueAsync(await Client.OperatorAsync(Cluster.Urls[0]), "buyer", BuyersCount);
    }
}

/// <summary>One cluster for all nights of a test class.</summary>
public sealed class SharedFaultCluster : IAsyncLifetime
{
    public FaultCluster FaultCluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => FaultCluster = await FaultCluster.OpenAsync();

    public ValueTask DisposeAsync() => FaultCluster.DisposeAsync();
}

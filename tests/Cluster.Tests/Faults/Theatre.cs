using BoxOffice.Testing;
using BoxOffice.Testing.Faults;
using Npgsql;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>
/// Where nights are played: a cluster of three silos and two front-ends, on a PostgreSQL server of its own, each process
/// with a clock that can be set. Whatever a night broke can be mended.
/// </summary>
public sealed class Theatre : IAsyncDisposable
{
    // Many snapshots in a short night: an owner that is replaced comes back from one.
    private static readonly Dictionary<string, string> Snapshots = new() { ["SnapshotEntries"] = "50" };

    private const int Silos = 3;
    private const int BuyersCount = 640; // so many that none meets the limit of calls

    // A database that lost its synchronous standby confirms nothing: each append and each buyer waits that long, instead of the
    // usual ten seconds, on nights that are not about them.
    private static readonly Dictionary<string, string> Impatient = new() { ["AppendTimeout"] = "00:00:02", ["ResponseTimeout"] = "00:00:04" };

    private readonly FakeClock _clock;
    private readonly PostgresServer _single;
    private readonly string _database;
    private int _nights;

    private Theatre(FakeClock clock, PostgresServer single, string database) =>
        (_clock, _single, _database) = (clock, single, new NpgsqlConnectionStringBuilder(database).Database!);

    /// <summary>The server that takes writes.</summary>
    public PostgresServer Postgres => Pair?.Primary ?? _single;

    /// <summary>The primary and its standby; null when there is one server only.</summary>
    public PostgresPair? Pair { get; private init; }

    /// <summary>How far the processes' clocks may be from ours: they follow the database's, and differ by a second where that was set.</summary>
    public TimeSpan ClockTolerance { get; private set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The database, past everything that may be between it and the silos.</summary>
    public string Database => DatabaseAt(Postgres);

    public BoxOfficeCluster Cluster { get; private set; } = null!;

    /// <summary>Between the silos and the database; null when nothing is.</summary>
    public LossyProxy? Proxy { get; private set; }

    /// <summary>Between everybody and both servers; null when nothing is.</summary>
    public PostgresBalancer? Balancer { get; private init; }

    /// <summary>Of the silos; null when all is on loopback.</summary>
    public SiloNetwork? Network { get; private set; }

    /// <summary>Everybody who may come.</summary>
    public IReadOnlyList<Buyer> Buyers { get; private set; } = [];

    /// <param name="isNetworked">Each silo has a network of its own, which can be cut.</param>
    /// <param name="isLossy">What the database replies to silos can be lost.</param>
    public static async Task<Theatre> OpenAsync(bool isNetworked = false, bool isLossy = false)
    {
        var network = isNetworked ? SiloNetwork.Create(Silos) : null;
        var clock = new FakeClock();
        var postgres = await PostgresServer.StartNewAsync(network?.DatabaseAddress, clock, "max_connections=200");
        var theatre = new Theatre(clock, postgres, await postgres.CreateDatabaseAsync()) { Network = network };
        try
        {
            await theatre.OpenAsync(isLossy);
            return theatre;
        }
        catch
        {
            await theatre.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same on a primary with a standby, which can take its place.</summary>
    /// <param name="isSynchronous">No commit is confirmed before the standby has it.</param>
    /// <param name="isBalanced">Silos and front-ends reach the primary at one address, of haproxy; else by a list of both.</param>
    /// <param name="isPatient">Appends and buyers wait for the standby as long as usual.</param>
    public static async Task<Theatre> OpenReplicatedAsync(
        bool isSynchronous = true, bool isBalanced = false, bool isPatient = false)
    {
        var clock = new FakeClock();
        var pair = await PostgresPair.StartNewAsync(isSynchronous, clock, "max_connections=200");
        var theatre = new Theatre(clock, pair.Primary, await pair.Primary.CreateDatabaseAsync())
        {
            Pair = pair,
            Balancer = isBalanced ? await PostgresBalancer.StartAsync(pair) : null,
        };
        try
        {
            var database = theatre.Balancer?.ConnectionString(theatre._database) ?? pair.ConnectionString(theatre._database);
            await theatre.OpenAsync(database, new(Silos, FrontEnds: 2, Settings: isPatient ? null : Impatient));
            return theatre;
        }
        catch
        {
            await theatre.DisposeAsync();
            throw;
        }
    }

    /// <summary>The database as one server has it, primary or not.</summary>
    public string DatabaseAt(PostgresServer server) => server.ConnectionString(_database);

    /// <summary>Sets the wall clock of the database's machine, and of its standby's: so much ahead of ours.</summary>
    public void SetDatabaseClock(TimeSpan ahead)
    {
        ClockTolerance = TimeSpan.FromSeconds(1);
        _clock.Set(ahead);
    }

    /// <summary>A name for the next night's events: no two nights have the same.</summary>
    public string NextName() => $"night-{Interlocked.Increment(ref _nights)}";

    /// <summary>Starts, wakes, heals, sets right and connects again whatever does not do what it should, and returns when all is ready.</summary>
    public async Task MendAsync()
    {
        foreach (var clock in Cluster.Silos.Concat<ClusterProcess>(Cluster.FrontEnds).Select(one => one.Clock!).Append(_clock)) clock.Set(TimeSpan.Zero);
        Network?.Heal();
        if (Proxy is not null) Proxy.SwallowsReplies = false;
        foreach (var silo in Cluster.Silos.Where(one => one.IsRunning)) silo.Thaw();
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
        await OpenAsync(seenBySilos.ConnectionString, new(Silos, FrontEnds: 2, FrontEndConnectionString: Database, Network: Network));
    }

    private async Task OpenAsync(string database, ClusterShape shape)
    {
        Cluster = await BoxOfficeCluster.StartAsync(database, shape with { Settings = shape.Settings ?? Snapshots, HasClocks = true });
        Buyers = await Buyer.IssueAsync(await Client.OperatorAsync(Cluster.Urls[0]), "buyer", BuyersCount);
    }
}

/// <summary>One theatre for all nights of a class.</summary>
public sealed class SharedTheatre : IAsyncLifetime
{
    public Theatre Theatre { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Theatre = await Theatre.OpenAsync();

    public ValueTask DisposeAsync() => Theatre.DisposeAsync();
}

using System.Diagnostics;
using System.Globalization;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Measure;

/// <summary>A crowd's load: which events it buys from, and with how many buyers.</summary>
/// <param name="Name">The events' name: their ids are this and a number from 1.</param>
/// <param name="Events">The number of events.</param>
/// <param name="Exponent">The exponent of Zipf's law, by which the first events are the most popular; 0: all are
/// equally popular.</param>
/// <param name="Connections">Concurrent buyers. Each waits for the answer before the next call.</param>
internal sealed record Rush(string Name, int Events, double Exponent = 0, int Connections = 256);

/// <summary>
/// The sales during a measurement, from the journal, and their processor time, from the kernel.
/// </summary>
/// <param name="PerSecond">Reservations each second.</param>
/// <param name="Batch">Reservations in one INSERT, on average.</param>
/// <param name="FrontEnd">Microseconds of processor time for each.</param>
/// <param name="Silos">Microseconds of processor time for each.</param>
/// <param name="Database">Microseconds of processor time for each, of all PostgreSQL's processes.</param>
/// <param name="SiloSeconds">Processor seconds of all silos in each second.</param>
/// <param name="IdleSeconds">Idle seconds of all cores in each second.</param>
/// <param name="Seen">The report of wrk, from the first call to the last.</param>
internal sealed record Bought(
    double PerSecond,
    double Batch,
    double FrontEnd,
    double Silos,
    double Database,
    double SiloSeconds,
    double IdleSeconds,
    WrkReport Seen)
{
    public double Together => FrontEnd + Silos + Database;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{PerSecond:N0} /s at {FrontEnd:F0} + {Silos:F0} + {Database:F0} µs, {Batch:F1} an INSERT, "
        + $"silos {SiloSeconds:F2}, idle {IdleSeconds:F2}, p50 {Seen.P50.TotalMilliseconds:F1} ms, "
        + $"p99 {Seen.P99.TotalMilliseconds:F0} ms");
}

/// <summary>Many buyers of the events of one cluster.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int Members = 10_000; // so many that no member exceeds the rate limit
    private const int OpenedAtOnce = 64;
    private const int ReconciledAtOnce = 8; // each replays its event; a silo reads the journal with 6 connections
    private const int LastAnswersSeconds = 2;
    private const double Mebibyte = 1 << 20;

    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(2);

    private readonly PostgresServer _postgres;
    private readonly string _connectionString;
    private readonly NpgsqlDataSource _journal;
    private Crowd(PostgresServer postgres, string connectionString, BoxOfficeCluster cluster, Client admin)
    {
        (_postgres, _connectionString, Cluster, Admin) = (postgres, connectionString, cluster, admin);
        _journal = NpgsqlDataSource.Create(connectionString);
    }

    public BoxOfficeCluster Cluster { get; }

    public Client Admin { get; }

    /// <summary>A file with the members' tokens, one on each line.</summary>
    public string TokensFile { get; } = Path.GetTempFileName();

    /// <summary>All calls that wrk saw accepted.</summary>
    public long Accepted { get; private set; }

    /// <summary>Answers that were neither a sale nor a refusal.</summary>
    public long Failed { get; private set; }

    /// <summary>Starts a cluster with one front-end on a new database.</summary>
    public static async Task<Crowd> GatherAsync(PostgresServer postgres, int silos)
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        // One address has all streams here.
        var settings = new Dictionary<string, string> { ["StreamsPerAddressMax"] = "0" };
        var cluster = await BoxOfficeCluster.StartAsync(
            connectionString, new(silos, FrontEnds: 1, Settings: settings));
        var crowd = new Crowd(postgres, connectionString, cluster, await Client.OperatorAsync(cluster.Urls[0]));
        await File.WriteAllLinesAsync(
            crowd.TokensFile, (await crowd.Admin.MembersAsync("member", Members)).Select(member => member.Token!));
        return crowd;
    }

    /// <summary>Opens events whose ids are the name and a number from 1.</summary>
    public Task OpenAsync(string name, int count, int capacity) =>
        ForEachAsync(name, count, OpenedAtOnce, id => OpenAsync(id, capacity));

    /// <summary>Opens one event.</summary>
    public async Task OpenAsync(string id, int capacity)
    {
        var reply = await Admin.PostAsync("/admin/events", new { id, name = id, capacity, maxPerMember = capacity });
        if (reply.Code is not null) throw new InvalidOperationException($"{id} was not opened: {reply}");
    }

    /// <summary>Deactivates every idle event: the next call to it replays its journal.</summary>
    public async Task DeactivateEventsAsync()
    {
        await using var observer = await ClusterObserver.ConnectAsync(_connectionString);
        var management = observer.Grains.GetGrain<IManagementGrain>(0);
        var silos = (await management.GetHosts(onlyActive: true)).Keys.ToArray();
        await management.ForceActivationCollection(silos, TimeSpan.Zero);
    }

    /// <summary>Runs the load, and measures this many seconds in the middle of it.</summary>
    public async Task<Bought> BuyAsync(Rush rush, int seconds)
    {
        var sending = seconds + (2 * (int)Gathering.TotalSeconds);
        var exponent = rush.Exponent.ToString(CultureInfo.InvariantCulture);
        var wrk = Wrk.CrowdAsync(Cluster.Urls[0], rush.Connections, sending + LastAnswersSeconds,
            TokensFile, $"/ticket/reserve/{rush.Name}", $"{rush.Events}", exponent, $"{sending}");
        await Task.Delay(Gathering);
        var (from, before) = (TimeProvider.System.GetUtcNow(), Spent.Now(this));
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var (to, after) = (TimeProvider.System.GetUtcNow(), Spent.Now(this));
        var seen = await wrk;
        Accepted += seen.Accepted;
        Failed += seen.Failed;

        var (sold, inserts) = await SoldAsync(from, to);
        var length = (to - from).TotalSeconds;
        return new(sold / length, (double)sold / inserts,
            (after.FrontEnd - before.FrontEnd).TotalMicroseconds / sold,
            (after.Silos - before.Silos).TotalMicroseconds / sold,
            (after.Database - before.Database).TotalMicroseconds / sold,
            (after.Silos - before.Silos).TotalSeconds / length,
            (after.Idle - before.Idle).TotalSeconds / length, seen);
    }

    /// <summary>All sales, from the journal.</summary>
    public async Task<long> SoldAsync() => (await SoldAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)).Sold;

    /// <summary>The sum of the events' drift: the differences between owners, a replay and SQL.</summary>
    public async Task<long> DriftAsync(string name, int events)
    {
        var drift = 0L;
        await ForEachAsync(
            name, events, ReconciledAtOnce, async id => Interlocked.Add(ref drift, await DriftAsync(id)));
        return drift;
    }

    /// <summary>The drift of one event.</summary>
    public async Task<long> DriftAsync(string id) =>
        (await Admin.GetAsync($"/admin/events/{id}/reconcile")).Data.GetProperty("drift").GetInt64();

    /// <summary>The number of events that sold exactly the capacity, and of those that sold more.</summary>
    public async Task<(long SoldOut, long Oversold)> StockAsync(string name, int capacity)
    {
        await using var command = _journal.CreateCommand("""
            SELECT count(*) FILTER (WHERE sold = $2), count(*) FILTER (WHERE sold > $2)
            FROM (
              SELECT sum(quantity) AS sold FROM reservation_journal
              WHERE kind = 2 AND event_id LIKE $1 || '%' GROUP BY event_id) AS event
            """);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = capacity });
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return (rows.GetInt64(0), rows.GetInt64(1));
    }

    /// <summary>
    /// Mebibytes of the silos' objects after a garbage collection, and resident memory of silos and front-end.
    /// </summary>
    public async Task<(double Objects, double Silos, double FrontEnd)> MebibytesAsync()
    {
        await using var observer = await ClusterObserver.ConnectAsync(_connectionString);
        var management = observer.Grains.GetGrain<IManagementGrain>(0);
        var silos = (await management.GetHosts(onlyActive: true)).Keys.ToArray();
        await management.ForceGarbageCollection(silos);
        var objects = (await management.GetRuntimeStatistics(silos))
            .Sum(silo => silo.EnvironmentStatistics.RawMemoryUsageBytes);
        return (objects / Mebibyte, ResidentOf(Cluster.Silos), ResidentOf(Cluster.FrontEnds));
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(TokensFile);
        await _journal.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    /// <summary>Counts INSERTs by xmin: rows of one INSERT share a transaction.</summary>
    private async Task<(long Sold, long Inserts)> SoldAsync(DateTimeOffset from, DateTimeOffset to)
    {
        await using var command = _journal.CreateCommand("""
            SELECT COALESCE(sum(quantity), 0), count(DISTINCT xmin::text)
            FROM reservation_journal WHERE kind = 2 AND decided_at >= $1 AND decided_at < $2
            """);
        command.Parameters.Add(new() { Value = from.UtcDateTime });
        command.Parameters.Add(new() { Value = to.UtcDateTime });
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return (rows.GetInt64(0), rows.GetInt64(1));
    }

    private static double ResidentOf(IEnumerable<ClusterProcess> processes) => processes.Sum(member =>
    {
        using var process = Process.GetProcessById(member.Process.Id);
        return process.WorkingSet64 / Mebibyte;
    });

    private static Task ForEachAsync(string name, int count, int atOnce, Func<string, Task> call) =>
        Parallel.ForEachAsync(
            Enumerable.Range(1, count).Select(i => $"{name}{i}"),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (id, _) => await call(id));

    private readonly record struct Spent(TimeSpan FrontEnd, TimeSpan Silos, TimeSpan Database, TimeSpan Idle)
    {
        public static Spent Now(Crowd crowd) => new(
            ProcessorTime.Of(crowd.Cluster.FrontEnds.Select(frontEnd => frontEnd.Process.Id)),
            ProcessorTime.Of(crowd.Cluster.Silos.Select(silo => silo.Process.Id)),
            ProcessorTime.Of(crowd._postgres.Id),
            ProcessorTime.Idle());
    }
}

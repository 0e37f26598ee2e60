using System.Diagnostics;
using System.Globalization;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Measure;

/// <summary>Who comes to what.</summary>
/// <param name="Name">Of the events, whose ids are this and a number from 1.</param>
/// <param name="Events">How many of them.</param>
/// <param name="Exponent">Of Zipf's law, by which the first are the most popular; 0 when all are alike.</param>
/// <param name="Connections">Buyers at once, each of whom waits for the answer before the next call.</param>
internal sealed record Rush(string Name, int Events, double Exponent = 0, int Connections = 256);

/// <summary>
/// What a crowd bought while it was watched, by the journal, and the processors' time that it took, by the kernel.
/// </summary>
/// <param name="PerSecond">Reservations.</param>
/// <param name="Batch">Reservations in one INSERT, on average.</param>
/// <param name="FrontEnd">Microseconds of processor time for each.</param>
/// <param name="Silos">Microseconds of processor time for each.</param>
/// <param name="Database">Microseconds of processor time for each, of all PostgreSQL's processes.</param>
/// <param name="SiloSeconds">Of the silos together, in each second.</param>
/// <param name="IdleSeconds">Of the machine's cores together, in each second.</param>
/// <param name="Seen">What wrk saw, from the first call to the last.</param>
internal sealed record Bought(
    double PerSecond, double Batch, double FrontEnd, double Silos, double Database, double SiloSeconds, double IdleSeconds, WrkReport Seen)
{
    public double Together => FrontEnd + Silos + Database;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{PerSecond:N0} /s at {FrontEnd:F0} + {Silos:F0} + {Database:F0} µs, {Batch:F1} an INSERT, silos {SiloSeconds:F2}, idle {IdleSeconds:F2}, p50 {Seen.P50.TotalMilliseconds:F1} ms, p99 {Seen.P99.TotalMilliseconds:F0} ms");
}

/// <summary>Many members in front of the events of one cluster.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int Members = 10_000; // so that no member meets the limit of calls
    private const int OpenedAtOnce = 64;
    private const int ReconciledAtOnce = 8; // each replays its event; a silo reads the journal with 6 connections
    private const int LastAnswersSeconds = 2;
    private const double Mebibyte = 1 << 20;

    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(2);

    private readonly PostgresServer _postgres;
    private readonly string _connectionString;
    private readonly NpgsqlDataSource _journal;
    private Crowd(PostgresServer postgres, string connectionString, BoxOfficeCluster cluster, Client boss)
    {
        (_postgres, _connectionString, Cluster, Boss) = (postgres, connectionString, cluster, boss);
        _journal = NpgsqlDataSource.Create(connectionString);
    }

    public BoxOfficeCluster Cluster { get; }

    public Client Boss { get; }

    /// <summary>A file with a token of each member on a line of its own.</summary>
    public string TokensFile { get; } = Path.GetTempFileName();

    /// <summary>What wrk saw accepted, ever.</summary>
    public long Accepted { get; private set; }

    /// <summary>Answers that were neither a sale nor a refusal.</summary>
    public long Troubled { get; private set; }

    /// <summary>Starts a cluster with one front-end and a database of its own.</summary>
    public static async Task<Crowd> GatherAsync(PostgresServer postgres, int silos)
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        var cluster = await BoxOfficeCluster.StartAsync(connectionString, new(silos, FrontEnds: 1));
        var crowd = new Crowd(postgres, connectionString, cluster, await Client.OperatorAsync(cluster.Urls[0]));
        await File.WriteAllLinesAsync(crowd.TokensFile, (await crowd.Boss.MembersAsync("member", Members)).Select(member => member.Token!));
        return crowd;
    }

    /// <summary>Opens events whose ids are the name and a number from 1.</summary>
    public Task OpenAsync(string name, int count, int capacity) =>
        ForEachAsync(name, count, OpenedAtOnce, id => OpenAsync(id, capacity));

    /// <summary>Opens one event.</summary>
    public async Task OpenAsync(string id, int capacity)
    {
        var reply = await Boss.PostAsync("/admin/events", new { id, name = id, capacity, maxPerMember = capacity });
        if (reply.Code is not null) throw new InvalidOperationException($"{id} was not opened: {reply}");
    }

    /// <summary>Ends every activation that does nothing at this moment: the next call to an event replays it.</summary>
    public async Task PutEventsAwayAsync()
    {
        await using var observer = await ClusterObserver.ConnectAsync(_connectionString);
        var management = observer.Grains.GetGrain<IManagementGrain>(0);
        var silos = (await management.GetHosts(onlyActive: true)).Keys.ToArray();
        await management.ForceActivationCollection(silos, TimeSpan.Zero);
    }

    /// <summary>The crowd comes, and is watched for so many seconds in the middle of it.</summary>
    public async Task<Bought> BuyAsync(Rush rush, int seconds)
    {
        var sending = seconds + (2 * (int)Gathering.TotalSeconds);
        var wrk = Wrk.CrowdAsync(Cluster.Urls[0], rush.Connections, sending + LastAnswersSeconds, TokensFile,
            $"/ticket/reserve/{rush.Name}", $"{rush.Events}", rush.Exponent.ToString(CultureInfo.InvariantCulture), $"{sending}");
        await Task.Delay(Gathering);
        var (from, before) = (TimeProvider.System.GetUtcNow(), Spent.Now(this));
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var (to, after) = (TimeProvider.System.GetUtcNow(), Spent.Now(this));
        var seen = await wrk;
        Accepted += seen.Accepted;
        Troubled += seen.Troubled;

        var (sold, inserts) = await SoldAsync(from, to);
        var length = (to - from).TotalSeconds;
        return new(sold / length, (double)sold / inserts,
            (after.FrontEnd - before.FrontEnd).TotalMicroseconds / sold,
            (after.Silos - before.Silos).TotalMicroseconds / sold,
            (after.Database - before.Database).TotalMicroseconds / sold,
            (after.Silos - before.Silos).TotalSeconds / length,
            (after.Idle - before.Idle).TotalSeconds / length, seen);
    }

    /// <summary>All that was ever sold, by the journal.</summary>
    public async Task<long> SoldAsync() => (await SoldAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)).Sold;

    /// <summary>The differences between owners, a replay and SQL, added up event by event.</summary>
    public async Task<long> DriftAsync(string name, int events)
    {
        var drift = 0L;
        await ForEachAsync(name, events, ReconciledAtOnce, async id => Interlocked.Add(ref drift, await DriftAsync(id)));
        return drift;
    }

    /// <summary>The same of one event.</summary>
    public async Task<long> DriftAsync(string id) => (await Boss.GetAsync($"/admin/events/{id}/reconcile")).Data.GetProperty("drift").GetInt64();

    /// <summary>How many events of a name sold exactly this many tickets, and how many sold more.</summary>
    public async Task<(long SoldOut, long Oversold)> StockAsync(string name, int capacity)
    {
        await using var command = _journal.CreateCommand("""
            SELECT count(*) FILTER (WHERE sold = $2), count(*) FILTER (WHERE sold > $2)
            FROM (SELECT sum(quantity) AS sold FROM reservation_journal WHERE kind = 2 AND event_id LIKE $1 || '%' GROUP BY event_id) AS one
            """);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = capacity });
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        return (rows.GetInt64(0), rows.GetInt64(1));
    }

    /// <summary>What the silos' objects take after a collection; and of memory, silos and front-end.</summary>
    public async Task<(double Objects, double Silos, double FrontEnd)> MebibytesAsync()
    {
        await using var observer = await ClusterObserver.ConnectAsync(_connectionString);
        var management = observer.Grains.GetGrain<IManagementGrain>(0);
        var silos = (await management.GetHosts(onlyActive: true)).Keys.ToArray();
        await management.ForceGarbageCollection(silos);
        var objects = (await management.GetRuntimeStatistics(silos)).Sum(one => one.EnvironmentStatistics.RawMemoryUsageBytes);
        return (objects / Mebibyte, ResidentOf(Cluster.Silos), ResidentOf(Cluster.FrontEnds));
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(TokensFile);
        await _journal.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    /// <summary>Rows that one INSERT made share its transaction: xmin.</summary>
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

    private static double ResidentOf(IEnumerable<ClusterProcess> processes) => processes.Sum(one =>
    {
        using var process = Process.GetProcessById(one.Process.Id);
        return process.WorkingSet64 / Mebibyte;
    });

    private static Task ForEachAsync(string name, int count, int atOnce, Func<string, Task> call) => Parallel.ForEachAsync(
        Enumerable.Range(1, count).Select(i => $"{name}{i}"), new ParallelOptions { MaxDegreeOfParallelism = atOnce },
        async (id, _) => await call(id));

    private readonly record struct Spent(TimeSpan FrontEnd, TimeSpan Silos, TimeSpan Database, TimeSpan Idle)
    {
        public static Spent Now(Crowd crowd) => new(
            ProcessorTime.Of(crowd.Cluster.FrontEnds.Select(one => one.Process.Id)),
            ProcessorTime.Of(crowd.Cluster.Silos.Select(one => one.Process.Id)),
            ProcessorTime.Of(crowd._postgres.Id),
            ProcessorTime.Idle());
    }
}

namespace BoxOffice.Testing;

/// <summary>The size of a cluster at its start, and its settings.</summary>
/// <param name="Silos">Processes that own events.</param>
/// <param name="FrontEnds">Processes that answer HTTP.</param>
/// <param name="ClusterId">Two clusters with different names may share a database.</param>
/// <param name="SiloProgram">The program that hosts the grains.</param>
/// <param name="FrontEndConnectionString">The front-ends' connection string, when it differs from the silos'.</param>
/// <param name="Settings">Settings in the section BoxOffice, without its name.</param>
/// <param name="Network">A network namespace for each silo; null when silos use this machine's network. Front-ends
/// always use this machine's.</param>
/// <param name="HasClocks">Each process has its own wall clock, which a test can set.</param>
public sealed record ClusterShape(
    int Silos = 3,
    int FrontEnds = 2,
    string ClusterId = "boxoffice",
    string SiloProgram = "Silo",
    string? FrontEndConnectionString = null,
    IReadOnlyDictionary<string, string>? Settings = null,
    SiloNetwork? Network = null,
    bool HasClocks = false);

/// <summary>
/// Silos and front-ends as separate processes on one database. Each keeps its ports over restarts, and is frozen,
/// stopped or killed by its number, from 0.
/// </summary>
public sealed class BoxOfficeCluster : IAsyncDisposable
{
    private readonly ClusterShape _shape;
    private readonly string _connectionString;
    private readonly List<SiloProcess> _silos = [];
    private readonly List<FrontEndProcess> _frontEnds = [];

    private BoxOfficeCluster(ClusterShape shape, string connectionString) =>
        (_shape, _connectionString) = (shape, connectionString);

    private string FrontEndConnectionString => _shape.FrontEndConnectionString ?? _connectionString;

    public IReadOnlyList<SiloProcess> Silos => _silos;

    public IReadOnlyList<FrontEndProcess> FrontEnds => _frontEnds;

    /// <summary>Addresses of all front-ends, running or not.</summary>
    public IReadOnlyList<Uri> Urls => [.. _frontEnds.Select(frontEnd => frontEnd.Url)];

    /// <summary>Starts all processes, and returns when every front-end is ready.</summary>
    public static async Task<BoxOfficeCluster> StartAsync(string connectionString, ClusterShape? shape = null)
    {
        var cluster = new BoxOfficeCluster(shape ?? new(), connectionString);
        try
        {
            await cluster.ScaleAsync(cluster._shape.Silos);
            for (var i = 0; i < cluster._shape.FrontEnds; i++)
                cluster._frontEnds.Add(new(cluster.Settings(cluster.FrontEndConnectionString), cluster.NewClock()));
            await cluster.StartMissingAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts every process of the shape that does not run, and returns when every front-end is ready.
    /// </summary>
    public async Task StartMissingAsync(TimeSpan? patience = null)
    {
        await ScaleAsync(_shape.Silos);
        await Task.WhenAll(_frontEnds.Where(process => !process.IsRunning).Select(process => process.StartAsync()));
        await ReadyAsync(patience);
    }

    /// <summary>Starts silos, or stops the last ones with SIGTERM, until this number runs.</summary>
    public async Task ScaleAsync(int silos)
    {
        while (_silos.Count < silos) _silos.Add(NewSilo(_silos.Count));
        await Task.WhenAll(_silos.Take(silos).Where(silo => !silo.IsRunning).Select(silo => silo.StartAsync()));
        await Task.WhenAll(_silos.Skip(silos).Select(silo => silo.StopAsync()));
    }

    /// <summary>Returns when every running front-end reports ready.</summary>
    public Task ReadyAsync(TimeSpan? patience = null) =>
        Task.WhenAll(_frontEnds.Where(frontEnd => frontEnd.IsRunning).Select(frontEnd =>
            Wait.UntilAsync($"{frontEnd.Url} is ready", async () => await frontEnd.IsReadyAsync(), patience)));

    /// <summary>Which silo owns each event; -1 for one that has no owner.</summary>
    public async Task<IReadOnlyDictionary<string, int>> OwnersOfAsync(params IEnumerable<string> eventIds)
    {
        await using var observer = await ClusterObserver.ConnectAsync(FrontEndConnectionString, _shape.ClusterId);
        var owners = new Dictionary<string, int>();
        foreach (var eventId in eventIds)
        {
            var port = await observer.OwnerPortOfAsync(eventId);
            owners[eventId] = _silos.FindIndex(silo => silo.SiloPort == port);
        }
        return owners;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_frontEnds.Select(frontEnd => frontEnd.DisposeAsync().AsTask()));
        await Task.WhenAll(_silos.Select(silo => silo.DisposeAsync().AsTask()));
    }

    private SiloProcess NewSilo(int number)
    {
        var settings = Settings(_connectionString);
        if (_shape.Network is not { } network) return new(_shape.SiloProgram, settings, [], NewClock());
        settings["BoxOffice__AdvertisedAddress"] = network.AddressOf(number).ToString();
        return new(_shape.SiloProgram, settings, network.LauncherOf(number), NewClock());
    }

    private FakeClock? NewClock() => _shape.HasClocks ? new() : null;

    private Dictionary<string, string> Settings(string connectionString) => TestSettings.With(
    [
        ("ConnectionStrings__boxoffice", connectionString),
        ("ClusterId", _shape.ClusterId),
        .. (_shape.Settings ?? new Dictionary<string, string>()).Select(setting => (setting.Key, setting.Value)),
    ]);
}

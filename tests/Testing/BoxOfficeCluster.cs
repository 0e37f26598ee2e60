using System.Globalization;

namespace BoxOffice.Testing;

/// <summary>How many of each a cluster begins with, and what is particular about it.</summary>
/// <param name="Silos">Processes that own events.</param>
/// <param name="FrontEnds">Processes that answer HTTP.</param>
/// <param name="ClusterId">Two clusters with different names may share a database.</param>
/// <param name="SiloProgram">The program that hosts the grains.</param>
/// <param name="FrontEndConnectionString">When front-ends come to the database in another way than silos.</param>
/// <param name="Settings">Settings in the section BoxOffice, without its name.</param>
/// <param name="Network">When each silo has a network of its own; front-ends have this machine's.</param>
/// <param name="HasClocks">Each process has a wall clock of its own, which a test can set.</param>
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
/// Silos and front-ends as processes of their own on one database. Each keeps its ports, so that it can be killed and come
/// back; each is frozen, stopped or killed by its number, from 0.
/// </summary>
public sealed class BoxOfficeCluster : IAsyncDisposable
{
    private readonly ClusterShape _shape;
    private readonly string _connectionString;
    private readonly List<SiloProcess> _silos = [];
    private readonly List<FrontEndProcess> _frontEnds = [];

    private BoxOfficeCluster(ClusterShape shape, string connectionString) => (_shape, _connectionString) = (shape, connectionString);

    private string FrontEndConnectionString => _shape.FrontEndConnectionString ?? _connectionString;

    public IReadOnlyList<SiloProcess> Silos => _silos;

    public IReadOnlyList<FrontEndProcess> FrontEnds => _frontEnds;

    /// <summary>Where the front-ends answer, whether they run or not.</summary>
    public IReadOnlyList<Uri> Urls => [.. _frontEnds.Select(one => one.Url)];

    /// <summary>Starts all of it, and returns when every front-end is ready.</summary>
    public static async Task<BoxOfficeCluster> StartAsync(string connectionString, ClusterShape? shape = null)
    {
        var cluster = new BoxOfficeCluster(shape ?? new(), connectionString);
        try
        {
            await cluster.ScaleAsync(cluster._shape.Silos);
            for (var i = 0; i < cluster._shape.FrontEnds; i++) cluster._frontEnds.Add(new(cluster.Settings(cluster.FrontEndConnectionString), cluster.NewClock()));
            await cluster.StartMissingAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts every process of the shape that does not run, and returns when all is ready.</summary>
    public async Task StartMissingAsync(TimeSpan? patience = null)
    {
        await ScaleAsync(_shape.Silos);
        await Task.WhenAll(_frontEnds.Where(one => !one.IsRunning).Select(one => one.StartAsync()));
        await ReadyAsync(patience);
    }

    /// <summary>Starts silos, or stops the last ones as an operator would, until so many run.</summary>
    public async Task ScaleAsync(int silos)
    {
        while (_silos.Count < silos) _silos.Add(NewSilo(_silos.Count));
        await Task.WhenAll(_silos.Take(silos).Where(one => !one.IsRunning).Select(one => one.StartAsync()));
        await Task.WhenAll(_silos.Skip(silos).Select(one => one.StopAsync()));
    }

    /// <summary>Every running front-end says that it is ready.</summary>
    public Task ReadyAsync(TimeSpan? patience = null) => Task.WhenAll(_frontEnds.Where(one => one.IsRunning).Select(one =>
        Wait.UntilAsync($"{one.Url} is ready", async () => await one.IsReadyAsync(), patience)));

    /// <summary>Which silo owns each event; -1 for one that has no owner.</summary>
    public async Task<IReadOnlyDictionary<string, int>> OwnersOfAsync(params IEnumerable<string> eventIds)
    {
        await using var observer = await ClusterObserver.ConnectAsync(FrontEndConnectionString, _shape.ClusterId);
        var owners = new Dictionary<string, int>();
        foreach (var eventId in eventIds)
        {
            var port = await observer.OwnerPortOfAsync(eventId);
            owners[eventId] = _silos.FindIndex(one => one.SiloPort == port);
        }
        return owners;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_frontEnds.Select(one => one.DisposeAsync().AsTask()));
        await Task.WhenAll(_silos.Select(one => one.DisposeAsync().AsTask()));
    }

    private SiloProcess NewSilo(int number)
    {
        var settings = Settings(_connectionString);
        if (_shape.Network is not { } network) return new(_shape.SiloProgram, settings, [], NewClock());
        settings["BoxOffice__AdvertisedAddress"] = network.AddressOf(number).ToString();
        return new(_shape.SiloProgram, settings, network.LauncherOf(number), NewClock());
    }

    private FakeClock? NewClock() => _shape.HasClocks ? new() : null;

    private Dictionary<string, string> Settings(string connectionString)
    {
        var all = new Dictionary<string, string>
        {
            ["ConnectionStrings__boxoffice"] = connectionString,
            ["BoxOffice__ClusterId"] = _shape.ClusterId,
            ["BoxOffice__OperatorPassword"] = BoxOfficeHost.OperatorPassword,
            ["BoxOffice__TokenKey"] = BoxOfficeHost.TokenKey,
            ["BoxOffice__PasswordIterations"] = "1000", // tests are about logging in, not about the cost of it
            ["BoxOffice__DrainDelay"] = "00:00:00", // nobody balances here
            ["BoxOffice__SiloPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
            ["BoxOffice__GatewayPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in _shape.Settings ?? new Dictionary<string, string>()) all["BoxOffice__" + key] = value;
        return all;
    }
}

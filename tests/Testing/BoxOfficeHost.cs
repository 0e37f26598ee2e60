namespace BoxOffice.Testing;

/// <summary>A running BoxOffice: embedded, or one silo and one front-end on PostgreSQL.</summary>
public sealed class BoxOfficeHost : IAsyncDisposable
{
    public const string OperatorPassword = "the house is open tonight";
    public const string TokenKey = "a key for tests only, long enough for HS256";

    private readonly Dictionary<string, string> _settings; // the processes read it at each start
    private readonly FrontEndProcess _frontEnd;
    private readonly SiloProcess? _silo;

    private BoxOfficeHost(Dictionary<string, string> settings, string? silo = null)
    {
        StoreDirectory = settings.GetValueOrDefault("BoxOffice__DataDirectory");
        ConnectionString = settings.GetValueOrDefault("ConnectionStrings__boxoffice");
        _settings = settings;
        _frontEnd = new(settings);
        if (silo is not null) _silo = new(silo, settings, []);
    }

    /// <summary>The process that answers HTTP.</summary>
    public ProgramProcess Api => _frontEnd.Process;

    /// <summary>The embedded store's folder; null in a cluster.</summary>
    public string? StoreDirectory { get; }

    /// <summary>The cluster's database; null when embedded.</summary>
    public string? ConnectionString { get; }

    /// <summary>Null when embedded.</summary>
    public ProgramProcess? Silo => _silo?.Process;

    /// <summary>The address of the front-end. It stays the same over restarts.</summary>
    public Uri Url => _frontEnd.Url;

    public static Task<BoxOfficeHost> StartEmbeddedAsync(params (string Key, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("boxoffice-store-").FullName;
        return RunAsync(new(new(TestSettings.With(settings)) { ["BoxOffice__DataDirectory"] = directory }));
    }

    public static Task<BoxOfficeHost> StartClusterAsync(
        string connectionString, params (string Key, string Value)[] settings) =>
        StartClusterAsync(connectionString, "Silo", settings);

    /// <summary>Starts a cluster whose silo is another program: its name, or the path of its dll.</summary>
    public static Task<BoxOfficeHost> StartClusterAsync(
        string connectionString, string silo, params (string Key, string Value)[] settings) =>
        RunAsync(new(
            new(TestSettings.With(settings)) { ["ConnectionStrings__boxoffice"] = connectionString }, silo));

    /// <summary>Restarts the processes with the same store, and from then on with these settings too.</summary>
    public async Task StartAsync(params (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings) _settings["BoxOffice__" + key] = value;
        if (_silo is not null) await _silo.StartAsync();
        await _frontEnd.StartAsync();
    }

    /// <summary>Stops and restarts the processes, and from then on with these settings too.</summary>
    public async Task StartAgainAsync(params (string Key, string Value)[] settings)
    {
        await StopAsync();
        await StartAsync(settings);
    }

    /// <summary>Stops all processes with SIGTERM, the front-end first.</summary>
    public async Task StopAsync()
    {
        await _frontEnd.StopAsync();
        if (_silo is not null) await _silo.StopAsync();
    }

    /// <summary>Ends all processes with SIGKILL.</summary>
    public async Task KillAsync()
    {
        await _frontEnd.KillAsync();
        if (_silo is not null) await _silo.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _frontEnd.DisposeAsync();
        if (_silo is not null) await _silo.DisposeAsync();
        if (StoreDirectory is not null) Directory.Delete(StoreDirectory, recursive: true);
    }

    private static async Task<BoxOfficeHost> RunAsync(BoxOfficeHost host)
    {
        await host.StartAsync();
        return host;
    }
}

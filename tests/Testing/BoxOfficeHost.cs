using System.Globalization;
using System.Text.RegularExpressions;

namespace BoxOffice.Testing;

/// <summary>A running BoxOffice, as users run it: embedded, or one silo and one front-end on PostgreSQL.</summary>
public sealed partial class BoxOfficeHost : IAsyncDisposable
{
    public const string OperatorPassword = "the house is open tonight";
    public const string TokenKey = "a key for tests only, long enough for HS256";

    private readonly Dictionary<string, string> _environment;
    private readonly string? _directory;
    private readonly string _silo;

    private BoxOfficeHost(Dictionary<string, string> environment, string? directory, string silo) =>
        (_environment, _directory, _silo) = (environment, directory, silo);

    public ProgramProcess Api { get; private set; } = null!;

    /// <summary>The embedded store's folder; null in a cluster.</summary>
    public string? StoreDirectory => _directory;

    /// <summary>The cluster's database; null when embedded.</summary>
    public string? ConnectionString => _environment.GetValueOrDefault("ConnectionStrings__boxoffice");

    /// <summary>Null when embedded.</summary>
    public ProgramProcess? Silo { get; private set; }

    public Uri Url { get; private set; } = null!;

    public static Task<BoxOfficeHost> StartEmbeddedAsync(params (string Key, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("boxoffice-store-").FullName;
        return StartAsync(new(SettingsOf(settings)) { ["BoxOffice__DataDirectory"] = directory }, directory);
    }

    public static Task<BoxOfficeHost> StartClusterAsync(string connectionString, params (string Key, string Value)[] settings) =>
        StartClusterAsync(connectionString, "Silo", settings);

    /// <summary>The same, with the silo of another build: the path of its dll.</summary>
    public static Task<BoxOfficeHost> StartClusterAsync(string connectionString, string silo, params (string Key, string Value)[] settings) =>
        StartAsync(new(SettingsOf(settings)) { ["ConnectionStrings__boxoffice"] = connectionString }, null, silo);

    /// <summary>Starts again what was stopped or killed, with the same store.</summary>
    public async Task StartAsync()
    {
        if (_directory is null)
        {
            Silo = ProgramProcess.Start(_silo, _environment);
            await Silo.LineAsync("silo is ready");
        }
        await StartApiAsync();
    }

    public async Task StartApiAsync()
    {
        Api = ProgramProcess.Start("Api", _environment, "--urls", "http://127.0.0.1:0");
        Url = new(UrlPattern().Match(await Api.LineAsync("BoxOffice is open at")).Value);
    }

    /// <summary>Ends everything as an operator would.</summary>
    public async Task StopAsync()
    {
        await Api.StopAsync();
        if (Silo is not null) await Silo.StopAsync();
    }

    /// <summary>Ends everything as a power cut would, as far as the processes can tell.</summary>
    public async Task KillAsync()
    {
        await Api.KillAsync();
        if (Silo is not null) await Silo.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        if (Silo is not null) await Silo.DisposeAsync();
        if (_directory is not null) Directory.Delete(_directory, recursive: true);
    }

    private static async Task<BoxOfficeHost> StartAsync(Dictionary<string, string> environment, string? directory, string silo = "Silo")
    {
        var host = new BoxOfficeHost(environment, directory, silo);
        await host.StartAsync();
        return host;
    }

    private static Dictionary<string, string> SettingsOf((string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["BoxOffice__OperatorPassword"] = OperatorPassword,
            ["BoxOffice__TokenKey"] = TokenKey,
            ["BoxOffice__PasswordIterations"] = "1000", // tests are about logging in, not about the cost of it
            ["BoxOffice__DrainDelay"] = "00:00:00", // nobody balances here
            ["BoxOffice__SiloPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
            ["BoxOffice__GatewayPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in settings) all[key.Contains('_', StringComparison.Ordinal) ? key : "BoxOffice__" + key] = value;
        return all;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex UrlPattern();
}

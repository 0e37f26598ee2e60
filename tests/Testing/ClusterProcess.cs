using System.Globalization;
using System.Net;

namespace BoxOffice.Testing;

/// <summary>A program of a cluster that tests stop, kill, freeze and restart with the same settings.</summary>
public abstract class ClusterProcess(string program, IReadOnlyDictionary<string, string> environment, FakeClock? clock)
    : IAsyncDisposable
{
    private readonly List<ProgramProcess> _earlier = [];
    private ProgramProcess? _process;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The process that runs, or ran last.</summary>
    public ProgramProcess Process => _process ?? throw new InvalidOperationException($"{program} was never started.");

    /// <summary>The output of all its processes, in order of their starts.</summary>
    public string Output => string.Join('\n', _earlier.Append(Process).Select(process => process.Output));

    /// <summary>The process's own wall clock; null when it uses the machine's.</summary>
    public FakeClock? Clock => clock;

    protected IReadOnlyDictionary<string, string> Environment => environment;

    /// <summary>Starts the program, and returns when it reports ready.</summary>
    public async Task StartAsync()
    {
        if (_process is not null) _earlier.Add(_process);
        Dictionary<string, string> all = new(environment);
        foreach (var (key, value) in clock?.Settings ?? []) all[key] = value;
        _process = ProgramProcess.StartIn(Launcher, program, all, Arguments);
        await _process.LineAsync(ReadyLine);
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public Task StopAsync() => _process is null ? Task.CompletedTask : _process.StopAsync();

    /// <summary>SIGKILL, and waits for the end.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>SIGSTOP: the process stands still, and its connections stay open.</summary>
    public void Freeze() => Process.Send(Signal.Stop);

    /// <summary>SIGCONT: the process continues.</summary>
    public void Thaw() => Process.Send(Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var process in _earlier) await process.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
        clock?.Dispose();
    }

    protected abstract string ReadyLine { get; }

    protected virtual string[] Arguments => [];

    protected virtual IReadOnlyList<string> Launcher => [];
}

/// <summary>A process that owns events, optionally in a network namespace.</summary>
public sealed class SiloProcess(
    string program,
    IReadOnlyDictionary<string, string> environment,
    IReadOnlyList<string> launcher,
    FakeClock? clock = null)
    : ClusterProcess(program, environment, clock)
{
    public int SiloPort => int.Parse(Environment["BoxOffice__SiloPort"], CultureInfo.InvariantCulture);

    protected override string ReadyLine => "silo is ready";

    protected override IReadOnlyList<string> Launcher => launcher;
}

/// <summary>A process that answers HTTP.</summary>
public sealed class FrontEndProcess(IReadOnlyDictionary<string, string> environment, FakeClock? clock = null)
    : ClusterProcess("Api", environment, clock)
{
    public Uri Url { get; } = new($"http://127.0.0.1:{ProgramProcess.FreePort()}");

    protected override string ReadyLine => "BoxOffice is open at";

    protected override string[] Arguments => ["--urls", Url.ToString()];

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await new Client(Url).GetAsync("/health")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

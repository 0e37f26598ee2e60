using System.Globalization;
using System.Net;

namespace BoxOffice.Testing;

/// <summary>A program of a cluster that can end in every way and come back with the same settings.</summary>
public abstract class ClusterProcess(string program, IReadOnlyDictionary<string, string> environment, FakeClock? clock) : IAsyncDisposable
{
    private readonly List<ProgramProcess> _earlier = [];
    private ProgramProcess? _process;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The process that runs, or ran last.</summary>
    public ProgramProcess Process => _process ?? throw new InvalidOperationException($"{program} was never started.");

    /// <summary>All that its processes ever wrote.</summary>
    public string Output => string.Join('\n', _earlier.Append(Process).Select(one => one.Output));

    /// <summary>The wall clock of its machine; null when that is this one's.</summary>
    public FakeClock? Clock => clock;

    protected IReadOnlyDictionary<string, string> Environment => environment;

    /// <summary>Starts it, and returns when it says that it is ready.</summary>
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

    /// <summary>SIGSTOP: it does nothing any more, and nobody is told.</summary>
    public void Freeze() => Process.Send(Signal.Stop);

    /// <summary>SIGCONT: it goes on as if nothing had happened.</summary>
    public void Thaw() => Process.Send(Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var one in _earlier) await one.DisposeAsync();
        if (_process is not null) await _process.DisposeAsync();
        clock?.Dispose();
    }

    protected abstract string ReadyLine { get; }

    protected virtual string[] Arguments => [];

    protected virtual IReadOnlyList<string> Launcher => [];
}

/// <summary>A process that owns events, perhaps in a network of its own.</summary>
public sealed class SiloProcess(
    string program, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> launcher, FakeClock? clock = null)
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

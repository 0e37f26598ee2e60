using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BoxOffice.Testing;

/// <summary>A program of this repository as a process, with its output.</summary>
public sealed class ProgramProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openStreams = 2;

    private ProgramProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public string Output => string.Join('\n', _lines);

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts <c>BoxOffice.{name}.dll</c> of this build, or a dll by its path.</summary>
    public static ProgramProcess Start(
        string name, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartIn([], name, environment, arguments);

    /// <summary>
    /// Starts it through a launcher that becomes the program by exec, as <c>ip netns exec …</c> does. The process id
    /// stays the same.
    /// </summary>
    public static ProgramProcess StartIn(
        IReadOnlyList<string> launcher,
        string name,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments)
    {
        string[] command = [.. launcher, "dotnet", PathOf(name), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ForgetSettings(start);
        foreach (var (key, value) in environment) start.Environment[key] = value;

        var program = new ProgramProcess(new Process { StartInfo = start });
        program._process.OutputDataReceived += (_, line) => program.Read(line.Data);
        program._process.ErrorDataReceived += (_, line) => program.Read(line.Data);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => program.Kill();
        return program;
    }

    /// <summary>Removes settings that the machine's environment has: they must not decide a test.</summary>
    public static void ForgetSettings(ProcessStartInfo start)
    {
        foreach (var inherited in start.Environment.Keys.Where(IsOurs).ToList()) start.Environment.Remove(inherited);
    }

    /// <summary>The number of lines that the program has written.</summary>
    public int LineCount => _lines.Count;

    /// <summary>
    /// Returns the first line that contains the text, and waits for it; the first <paramref name="skip"/> lines do not
    /// count. Throws when the program ends first.
    /// </summary>
    public async Task<string> LineAsync(string text, int skip = 0)
    {
        await Wait.UntilAsync($"a line with \"{text}\" in:\n{Output}", () =>
        {
            if (_process.HasExited && Find() is null)
                throw new InvalidOperationException($"The program ended with {ExitCode}:\n{Output}");
            return Task.FromResult(Find() is not null);
        }, TimeSpan.FromSeconds(60));
        return Find()!;

        string? Find() => _lines.Skip(skip).FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
    }

    public void Send(int signal) => Signal.Send(Id, signal);

    /// <summary>Ids of its running child processes.</summary>
    public IReadOnlyList<int> Children() => [.. Directory.EnumerateDirectories($"/proc/{Id}/task")
        .SelectMany(thread =>
            File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    /// <summary>Waits for the end of the process and of its output.</summary>
    public async Task ExitAsync(TimeSpan? patience = null)
    {
        await _process.WaitForExitAsync().WaitAsync(patience ?? TimeSpan.FromSeconds(60));
        await _closed.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Sends SIGTERM, and waits for the end.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited) return;
        Send(Signal.Terminate);
        await ExitAsync();
    }

    public async Task KillAsync()
    {
        Kill();
        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    /// <summary>
    /// A port that is free now, below the range of outgoing connections: a restarted program must find its port free.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(18_000, 32_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // In use: try another.
            }
        }
    }

    private static bool IsOurs(string key) =>
        key.StartsWith("BoxOffice__", StringComparison.OrdinalIgnoreCase)
        || key.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)
        || key.StartsWith("Peers__", StringComparison.OrdinalIgnoreCase)
        || key.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
        || key.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);

    /// <summary>The path of a file of this repository.</summary>
    public static string InRepository(string path) => Path.Combine(Build().Root, path);

    private static string PathOf(string name)
    {
        if (Path.IsPathRooted(name)) return name;
        var (root, configuration, framework) = Build();
        var folder = new[] { "src", "bench", "tests" }
            .First(candidate => Directory.Exists(Path.Combine(root, candidate, name)));
        return Path.Combine(root, folder, name, "bin", configuration, framework, $"BoxOffice.{name}.dll");
    }

    private static (string Root, string Configuration, string Framework) Build()
    {
        // root/tests/X/bin/Release/net10.0
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return (here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName, here.Parent.Name, here.Name);
    }

    private void Read(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
        else if (Interlocked.Decrement(ref _openStreams) == 0) _closed.TrySetResult();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }
}

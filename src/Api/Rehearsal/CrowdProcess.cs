using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace BoxOffice.Api.Rehearsal;

/// <summary>The process of a crowd, and its output.</summary>
internal sealed class CrowdProcess : IDisposable
{
    private const int ErrorLengthMax = 2_000; // characters

    // What a .NET program needs to start and to check certificates; not the settings with the database, the token key
    // and the password.
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];
    private const string InheritedPrefix = "DOTNET_";

    private readonly Process _process;
    private readonly StringBuilder _error = new();

    private CrowdProcess(Process process) => _process = process;

    /// <summary>The beginning of its standard error, for the log.</summary>
    public string Error
    {
        get
        {
            lock (_error) return _error.ToString();
        }
    }

    /// <summary>Starts this program again, as a crowd.</summary>
    public static CrowdProcess Start()
    {
        var program = Environment.ProcessPath!;
        string[] arguments = IsDotnet(program)
            ? [Assembly.GetEntryAssembly()!.Location, CrowdProgram.Argument]
            : [CrowdProgram.Argument];
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        var kept = start.Environment.Where(variable => IsInherited(variable.Key)).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept) start.Environment[name] = value;
        start.Environment["DOTNET_gcServer"] = "0"; // it shares the machine with the front-end that it measures
        var crowd = new CrowdProcess(new() { StartInfo = start });
        crowd._process.ErrorDataReceived += (_, line) => crowd.Remember(line.Data);
        crowd._process.Start();
        crowd._process.BeginErrorReadLine();
        return crowd;
    }

    /// <summary>Sends the order. The input stays open: the crowd ends with it.</summary>
    public async Task SendAsync(CrowdOrder order, CancellationToken stop)
    {
        await _process.StandardInput.WriteLineAsync(
            JsonSerializer.Serialize(order, CrowdJson.Default.CrowdOrder).AsMemory(), stop);
        await _process.StandardInput.FlushAsync(stop);
    }

    /// <summary>The lines of its output.</summary>
    public async IAsyncEnumerable<CrowdLine> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        while (await _process.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            if (JsonSerializer.Deserialize(line, CrowdJson.Default.CrowdLine) is { } message) yield return message;
        }
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        return _process.ExitCode;
    }

    /// <summary>Kills it, unless it has ended.</summary>
    public void Dispose()
    {
        _process.Kill(); // nothing happens when it has ended
        _process.Dispose();
    }

    private static bool IsDotnet(string program) => Path.GetFileNameWithoutExtension(program) == "dotnet";

    private static bool IsInherited(string name) =>
        Inherited.Contains(name, StringComparer.Ordinal) || name.StartsWith(InheritedPrefix, StringComparison.Ordinal);

    private void Remember(string? line)
    {
        lock (_error)
        {
            if (line is not null && _error.Length < ErrorLengthMax) _error.AppendLine(line);
        }
    }
}

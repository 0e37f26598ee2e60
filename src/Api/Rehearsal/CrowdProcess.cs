using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace BoxOffice.Api.Rehearsal;

/// <summary>The process of a crowd, and what it says.</summary>
internal sealed class CrowdProcess : IDisposable
{
    private const int LastWordsMax = 2_000; // characters

    // What a program of .NET needs to start and to check certificates. Above all not: the database, the token key, the password.
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];
    private const string InheritedPrefix = "DOTNET_";

    private readonly Process _process;
    private readonly StringBuilder _lastWords = new();

    private CrowdProcess(Process process) => _process = process;

    /// <summary>What it wrote to its standard error, for the log.</summary>
    public string LastWords
    {
        get
        {
            lock (_lastWords) return _lastWords.ToString();
        }
    }

    /// <summary>Starts this program again, as a crowd.</summary>
    public static CrowdProcess Start()
    {
        var program = Environment.ProcessPath!;
        string[] arguments = IsDotnet(program) ? [Assembly.GetEntryAssembly()!.Location, CrowdProgram.Argument] : [CrowdProgram.Argument];
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        var kept = start.Environment.Where(one => IsInherited(one.Key)).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept) start.Environment[name] = value;
        start.Environment["DOTNET_gcServer"] = "0"; // it shares the machine with what it measures
        var crowd = new CrowdProcess(new() { StartInfo = start });
        crowd._process.ErrorDataReceived += (_, line) => crowd.Remember(line.Data);
        crowd._process.Start();
        crowd._process.BeginErrorReadLine();
        return crowd;
    }

    /// <summary>Tells it what to do. Its input stays open: when that ends, the crowd ends.</summary>
    public async Task SendAsync(CrowdOrder order, CancellationToken stop)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order, CrowdJson.Default.CrowdOrder).AsMemory(), stop);
        await _process.StandardInput.FlushAsync(stop);
    }

    /// <summary>What it says until it ends.</summary>
    public async IAsyncEnumerable<CrowdLine> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        while (await _process.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            if (JsonSerializer.Deserialize(line, CrowdJson.Default.CrowdLine) is { } said) yield return said;
        }
    }

    /// <summary>How it ended.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        return _process.ExitCode;
    }

    /// <summary>Ends it, if it has not ended.</summary>
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
        lock (_lastWords)
        {
            if (line is not null && _lastWords.Length < LastWordsMax) _lastWords.AppendLine(line);
        }
    }
}

using System.Diagnostics;
using BoxOffice.Testing;

namespace BoxOffice.Clients.Tests;

/// <summary>A folder with a document, the sale in TypeScript, and the tools that package-lock.json pins.</summary>
internal sealed class NodeTools : IDisposable
{
    private static readonly string Source = ProgramProcess.InRepository("tests/Clients.Tests/TypeScript");
    private static readonly Lazy<Task> Installed = new(InstallAsync);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("boxoffice-client-").FullName;

    private NodeTools()
    {
    }

    public static async Task<NodeTools> OpenAsync(string document)
    {
        await Installed.Value;
        var tools = new NodeTools();
        foreach (var name in new[] { "package.json", "tsconfig.json", "sale.ts", "redocly.yaml", ".spectral.yaml" })
            File.Copy(Path.Combine(Source, name), Path.Combine(tools._folder, name));
        Directory.CreateSymbolicLink(
            Path.Combine(tools._folder, "node_modules"), Path.Combine(Source, "node_modules"));
        await File.WriteAllTextAsync(Path.Combine(tools._folder, "openapi.json"), document);
        return tools;
    }

    /// <summary>Runs a tool in the folder. Returns what it wrote; fails with that when the tool fails.</summary>
    public Task<string> RunAsync(string tool, params string[] arguments) =>
        RunAsync(_folder, Path.Combine(Source, "node_modules", ".bin", tool), arguments);

    /// <summary>Runs a script of the folder.</summary>
    public Task<string> RunScriptAsync(string script, params string[] arguments) =>
        RunAsync(_folder, "node", [script, .. arguments]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Not again while what is installed is what the lock file pins.</summary>
    private static async Task InstallAsync()
    {
        var locked = File.GetLastWriteTimeUtc(Path.Combine(Source, "package-lock.json"));
        var installed = new FileInfo(Path.Combine(Source, "node_modules", ".package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= locked) return;
        await RunAsync(Source, "npm", "ci", "--silent", "--ignore-scripts");
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REDOCLY_TELEMETRY"] = "off"; // tests call nothing but our own program
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        var written = await output + await errors;
        var command = $"{program} {string.Join(' ', arguments)}";
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}:\n{written}");
        return written;
    }
}

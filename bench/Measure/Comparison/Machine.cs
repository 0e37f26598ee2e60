using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>The machine and the versions of a measurement.</summary>
internal sealed partial record Machine(
    string Processor,
    int Cores,
    double MemoryGibibytes,
    string Kernel,
    DateTimeOffset At,
    string Commit,
    IReadOnlyDictionary<string, string> Versions)
{
    public static Machine Describe() => new(
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1].Trim() ?? "unknown",
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        TimeProvider.System.GetUtcNow(),
        OutputOf("git", "-C", ProgramProcess.InRepository("."), "describe", "--always", "--dirty"),
        new Dictionary<string, string>
        {
            ["dotnet"] = Environment.Version.ToString(),
            ["postgresql"] = VersionIn(OutputOf(PostgresPrograms.PathOf("postgres"), "--version")),
            ["redis"] = VersionIn(OutputOf("redis-server", "--version")),
            ["wrk"] = VersionIn(OutputOf("wrk", "--version")),
            ["h2load"] = VersionIn(OutputOf("h2load", "--version")),
            ["orleans"] = VersionIn(OrleansVersion()),
        });

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{At:yyyy-MM-dd HH:mm} UTC, commit {Commit}. {Processor}, {Cores} cores for everything, "
        + $"the load generator included; {MemoryGibibytes:F0} GiB; Linux {Kernel}; "
        + $"{string.Join(", ", Versions.Select(entry => $"{entry.Key} {entry.Value}"))}.");

    private static string OutputOf(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }

    private static string OrleansVersion() =>
        typeof(IGrain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static string VersionIn(string text) =>
        VersionPattern().Match(text) is { Success: true } match ? match.Value : "unknown";

    [GeneratedRegex(@"\d+\.\d+(\.\d+)*")]
    private static partial Regex VersionPattern();
}

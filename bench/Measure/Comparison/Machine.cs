using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>Where and with what was measured.</summary>
internal sealed partial record Machine(
    string Processor, int Cores, double MemoryGibibytes, string Kernel, DateTimeOffset At, string Commit, IReadOnlyDictionary<string, string> Versions)
{
    public static Machine Describe() => new(
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown",
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        TimeProvider.System.GetUtcNow(),
        Say("git", "-C", ProgramProcess.InRepository("."), "describe", "--always", "--dirty"),
        new Dictionary<string, string>
        {
            ["dotnet"] = Environment.Version.ToString(),
            ["postgresql"] = VersionIn(Say(PostgresServer.Program("postgres"), "--version")),
            ["redis"] = VersionIn(Say("redis-server", "--version")),
            ["wrk"] = VersionIn(Say("wrk", "--version")),
            ["h2load"] = VersionIn(Say("h2load", "--version")),
            ["orleans"] = VersionIn(typeof(IGrain).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion),
        });

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{At:yyyy-MM-dd HH:mm} UTC, commit {Commit}. {Processor}, {Cores} cores for everything, the load generator included; {MemoryGibibytes:F0} GiB; Linux {Kernel}; {string.Join(", ", Versions.Select(one => $"{one.Key} {one.Value}"))}.");

    private static string Say(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return said.Trim();
    }

    private static string VersionIn(string text) => VersionPattern().Match(text) is { Success: true } match ? match.Value : "unknown";

    [GeneratedRegex(@"\d+\.\d+(\.\d+)*")]
    private static partial Regex VersionPattern();
}

using System.Globalization;

namespace BoxOffice.Api.Hosting;

/// <summary>The machine's limits, and whether a crowd of 9,000 fits into them.</summary>
internal static class KernelLimits
{
    private const int CrowdSize = 9_000;

    // For the store, the cluster and the program itself. Kestrel closes connections above its limit.
    private const int FilesOfOurOwn = 1_000;

    /// <summary>Open files that this process may have; null where that is unknown.</summary>
    public static long? OpenFiles() => ReadSecondColumn("/proc/self/limits", "Max open files");

    /// <summary>
    /// Most connections to accept, by the limit of open files. Above it the accept itself would fail.
    /// </summary>
    public static long? Connections() => OpenFiles() is { } files ? Math.Max(files - FilesOfOurOwn, files / 2) : null;

    /// <summary>One line when a limit is too low for a crowd of 9,000; null when none is.</summary>
    public static string? Warning() =>
        WarningOf(OpenFiles(), ReadNumber("/proc/sys/net/core/somaxconn") * ReusePortListenerFactory.SocketsPerAddress);

    /// <summary>The rule, apart from the machine.</summary>
    public static string? WarningOf(long? openFiles, long? acceptQueue)
    {
        var low = new List<string>();
        if (openFiles < CrowdSize + FilesOfOurOwn)
            low.Add($"open files {openFiles} (ulimit -n {CrowdSize + FilesOfOurOwn} or more)");
        if (acceptQueue < CrowdSize)
            low.Add($"places to connect {acceptQueue} (sysctl net.core.somaxconn=4096 or more)");
        return low.Count == 0 ? null : $"Too low for {CrowdSize} buyers at once: {string.Join(", ", low)}.";
    }

    private static long? ReadNumber(string path) =>
        File.Exists(path) && long.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static long? ReadSecondColumn(string path, string row)
    {
        if (!File.Exists(path)) return null;
        var line = File.ReadLines(path).FirstOrDefault(text => text.StartsWith(row, StringComparison.Ordinal));
        var soft = line?[row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        // "unlimited" is not a number
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}

using System.Globalization;

namespace BoxOffice.Measure;

/// <summary>Processor time as the kernel counts it, in ticks of 10 ms.</summary>
internal static class ProcessorTime
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    /// <summary>The time of these processes and their children, ended ones included.</summary>
    public static TimeSpan Of(params IEnumerable<int> ids)
    {
        var wanted = ids.ToHashSet();
        var ticks = 0L;
        foreach (var (id, stat) in All())
        {
            if (wanted.Contains(id)) ticks += stat.Own + stat.EndedChildren;
            else if (wanted.Contains(stat.Parent)) ticks += stat.Own;
        }
        return FromTicks(ticks);
    }

    /// <summary>These processes and their children.</summary>
    public static IReadOnlyList<int> WithChildren(IEnumerable<int> ids)
    {
        var wanted = ids.ToHashSet();
        return
        [
            .. All().Where(process => wanted.Contains(process.Id) || wanted.Contains(process.Stat.Parent))
                .Select(process => process.Id),
        ];
    }

    /// <summary>The time of this process's ended children.</summary>
    public static TimeSpan OfEndedChildren() => FromTicks(Read("/proc/self")!.Value.EndedChildren);

    /// <summary>The idle time of all cores together.</summary>
    public static TimeSpan Idle()
    {
        // cpu user nice system idle iowait …
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return FromTicks(Parse(fields[4]) + Parse(fields[5]));
    }

    /// <summary>The machine's cores. The process may be allowed fewer.</summary>
    public static int CountCores() =>
        File.ReadLines("/proc/stat").Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1;

    private static IEnumerable<(int Id, (int Parent, long Own, long EndedChildren) Stat)> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && Read(folder) is { } stat) yield return (id, stat);
        }
    }

    private static (int Parent, long Own, long EndedChildren)? Read(string folder)
    {
        try
        {
            // 1234 (a name with any characters) S parent … and from the 14th field utime, stime, cutime, cstime
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            var (own, endedChildren) = (Parse(fields[11]) + Parse(fields[12]), Parse(fields[13]) + Parse(fields[14]));
            return ((int)Parse(fields[1]), own, endedChildren);
        }
        catch (IOException)
        {
            return null; // the process has just ended
        }
    }

    private static long Parse(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private static TimeSpan FromTicks(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
}

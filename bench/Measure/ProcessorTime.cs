using System.Globalization;

namespace BoxOffice.Measure;

/// <summary>The time that processors spent, as the kernel counts it, in ticks of 10 ms.</summary>
internal static class ProcessorTime
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    /// <summary>Of these processes and their children, those that ended included.</summary>
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
        return [.. All().Where(one => wanted.Contains(one.Id) || wanted.Contains(one.Stat.Parent)).Select(one => one.Id)];
    }

    /// <summary>Of those that this process started and that have ended.</summary>
    public static TimeSpan OfEndedChildren() => FromTicks(Read("/proc/self")!.Value.EndedChildren);

    /// <summary>Of all cores together, in which they had nothing to do.</summary>
    public static TimeSpan Idle()
    {
        // cpu user nice system idle iowait …
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return FromTicks(Parse(fields[4]) + Parse(fields[5]));
    }

    /// <summary>Those of the machine, of which the process may be allowed fewer.</summary>
    public static int CountCores() => File.ReadLines("/proc/stat").Count(line => line.StartsWith("cpu", StringComparison.Ordinal)) - 1;

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
            // 1234 (a name, with anything in it) S parent … and from the 14th field utime, stime, cutime, cstime
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return ((int)Parse(fields[1]), Parse(fields[11]) + Parse(fields[12]), Parse(fields[13]) + Parse(fields[14]));
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }

    private static long Parse(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    private static TimeSpan FromTicks(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
}

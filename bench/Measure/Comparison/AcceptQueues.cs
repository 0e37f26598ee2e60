using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>Connections that the kernel dropped because nobody accepted them soon enough, on the whole machine since it started.</summary>
internal static class AcceptQueues
{
    public static (long Overflows, long Drops) Read() => Parse(File.ReadAllLines("/proc/net/netstat"));

    /// <summary>A line of names, and below it a line of numbers.</summary>
    public static (long Overflows, long Drops) Parse(IReadOnlyList<string> lines)
    {
        var rows = lines.Where(line => line.StartsWith("TcpExt:", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
        return (Find("ListenOverflows"), Find("ListenDrops"));

        long Find(string name) => long.Parse(rows[1][Array.IndexOf(rows[0], name)], CultureInfo.InvariantCulture);
    }
}

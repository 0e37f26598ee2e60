using System.Globalization;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// The kernel's counters of connections dropped at full accept queues, on the whole machine since its start.
/// </summary>
internal static class AcceptQueues
{
    public static (long Overflows, long Drops) Read() => Parse(File.ReadAllLines("/proc/net/netstat"));

    /// <summary>Parses a line of names and a line of numbers below it.</summary>
    public static (long Overflows, long Drops) Parse(IReadOnlyList<string> lines)
    {
        var rows = lines.Where(line => line.StartsWith("TcpExt:", StringComparison.Ordinal))
            .Select(line => line.Split(' ')).ToList();
        return (Find("ListenOverflows"), Find("ListenDrops"));

        long Find(string name) => long.Parse(rows[1][Array.IndexOf(rows[0], name)], CultureInfo.InvariantCulture);
    }
}

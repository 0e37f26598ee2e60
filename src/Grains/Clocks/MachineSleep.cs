using System.Globalization;

namespace BoxOffice.Grains.Clocks;

/// <summary>How long this machine has been suspended: its uptime counts that, the monotonic clock does not.</summary>
internal static class MachineSleep
{
    private const string Uptime = "/proc/uptime"; // Linux only

    // The two clocks must be read close together.
    private static readonly TimeSpan TookMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Since the machine's start, to some hundredths of a second; null when unknown.</summary>
    public static TimeSpan? SoFar()
    {
        var before = TimeProvider.System.GetTimestamp();
        string text;
        try
        {
            text = File.ReadAllText(Uptime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        if (TimeProvider.System.GetElapsedTime(before) > TookMax) return null;
        var uptime = text.AsSpan(0, text.IndexOf(' '));
        if (!double.TryParse(uptime, CultureInfo.InvariantCulture, out var seconds)) return null;
        return TimeSpan.FromSeconds(seconds) - TimeProvider.System.GetElapsedTime(0, before);
    }
}

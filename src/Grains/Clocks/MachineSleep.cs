using System.Globalization;

namespace BoxOffice.Grains.Clocks;

/// <summary>How long this machine has been suspended: its uptime counts that, the monotonic clock does not.</summary>
internal static class MachineSleep
{
    private const string Uptime = "/proc/uptime"; // of Linux; elsewhere it is not known

    // Between the two clocks nothing else should have run.
    private static readonly TimeSpan TookMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Since the machine was started, to some hundredths of a second; null when it cannot be told.</summary>
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
        if (!double.TryParse(text.AsSpan(0, text.IndexOf(' ')), CultureInfo.InvariantCulture, out var seconds)) return null;
        return TimeSpan.FromSeconds(seconds) - TimeProvider.System.GetElapsedTime(0, before);
    }
}

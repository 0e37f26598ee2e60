using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BoxOffice.Measure.OpenLoop;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Compares our generator with h2load at the same moderate load: both must report the same rate and about the same
/// latency.
/// </summary>
internal static partial class CrossCheck
{
    private const int Connections = 64;
    private const int PerSecondOfEach = 50;
    private const int Seconds = 3;

    /// <summary>Returns a line for the results.</summary>
    public static async Task<string> RunAsync(ComparisonRun run)
    {
        if (run.All.OfType<BoxOfficeContestant>().FirstOrDefault() is not { } contestant)
            return "The generator was not checked: BoxOffice takes no part.";
        var ours = await Offer.SendAsync(new(
            contestant.Url,
            "/alive",
            PerSecond: Connections * PerSecondOfEach,
            Seconds: Seconds,
            Connections: Connections,
            Method: "GET"));
        var url = new Uri(contestant.Url, "/alive").ToString();
        using var other = Process.Start(new ProcessStartInfo(
            "h2load", ["--h1", $"-c{Connections}", "-t1", $"--rps={PerSecondOfEach}", $"-D{Seconds}", url])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await other.StandardOutput.ReadToEndAsync();
        await other.WaitForExitAsync();
        var times = RequestTimes().Match(output);
        return string.Create(CultureInfo.InvariantCulture,
            $"Generator: asked for {Connections * PerSecondOfEach:N0} /s of GET /alive over {Connections} connections, "
            + $"it sent {ours.Sent / (double)Seconds:N0} /s, "
            + $"mean latency {ours.Sum / (double)Math.Max(1, ours.Latencies.Count) / 1_000:F2} ms from the intended "
            + $"moment ({ours.LateSum / (double)Math.Max(1, ours.Sent) / 1_000:F2} ms of it before sending); h2load: "
            + $"{Rate().Match(output).Groups[1].Value} /s, mean {times.Groups[1].Value} from the moment of sending.");
    }

    [GeneratedRegex(@"finished in .*?, ([\d.]+) req/s")]
    private static partial Regex Rate();

    [GeneratedRegex(@"time for request:\s+\S+\s+\S+\s+(\S+)")]
    private static partial Regex RequestTimes();
}

using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BoxOffice.Measure;

/// <summary>The report of a run of the load generator wrk.</summary>
/// <param name="Answers">All answers.</param>
/// <param name="NotAccepted">Answers with an error status, refusals included.</param>
/// <param name="Broken">Connections that were refused or reset, and requests without an answer.</param>
/// <param name="Length">The duration of the run.</param>
/// <param name="SoldOut">Answers with SOLD_OUT, when the run counts them.</param>
/// <param name="Failed">All other errors, when the run counts them.</param>
/// <param name="P50">Half of the answers came within this time.</param>
/// <param name="P99">99 of 100 answers came within this time.</param>
/// <param name="P999">999 of 1,000 answers came within this time.</param>
internal sealed record WrkReport(
    long Answers, long NotAccepted, long Broken, TimeSpan Length, long SoldOut, long Failed,
    TimeSpan P50, TimeSpan P99, TimeSpan P999)
{
    public double PerSecond => Answers / Length.TotalSeconds;

    public long Accepted => Answers - NotAccepted;
}

/// <summary>Runs wrk: each buyer waits for the answer before the next call.</summary>
internal static partial class Wrk
{
    private const int Connections = 256;

    /// <summary>Reserves over 256 connections, with the arguments of reserve.lua.</summary>
    public static Task<WrkReport> ReserveAsync(Uri url, int seconds, params string[] arguments) =>
        CrowdAsync(url, Connections, seconds, arguments);

    /// <summary>Reserves over this number of connections.</summary>
    public static async Task<WrkReport> CrowdAsync(Uri url, int connections, int seconds, params string[] arguments)
    {
        var threads = Math.Min(2, connections);
        using var wrk = Process.Start(
            new ProcessStartInfo("wrk",
            [
                $"-t{threads}", $"-c{connections}", $"-d{seconds}", "--timeout", "10s",
                "-s", Path.Combine(AppContext.BaseDirectory, "reserve.lua"), url.ToString(), "--", .. arguments,
            ])
            {
                RedirectStandardOutput = true,
            })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var seen = Seen().Match(output);
        if (!seen.Success) throw new InvalidOperationException($"wrk failed:\n{output}");
        return new(Count(1), Count(2), Count(3), TimeSpan.FromMicroseconds(Count(4)), Count(5), Count(6),
            TimeSpan.FromMicroseconds(Count(7)),
            TimeSpan.FromMicroseconds(Count(8)),
            TimeSpan.FromMicroseconds(Count(9)));

        long Count(int group) => long.Parse(seen.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"Seen: answers (\d+), not accepted (\d+), broken (\d+), microseconds (\d+), sold out (\d+), "
        + @"failed (\d+), p50 (\d+), p99 (\d+), p99.9 (\d+)")]
    private static partial Regex Seen();
}

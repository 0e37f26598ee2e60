using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BoxOffice.Measure;

/// <summary>What a run of wrk, the load generator, saw.</summary>
/// <param name="PerSecond">Answers each second, whatever they said.</param>
/// <param name="Accepted">Answers that were a sale, of a crowd.</param>
/// <param name="SoldOut">Answers that were a refusal, of a crowd.</param>
/// <param name="Troubled">All other answers, of a crowd.</param>
/// <param name="Median">Half of the answers came within this time.</param>
/// <param name="Slow">And 99 in 100 within this.</param>
internal sealed record WrkReport(double PerSecond, long Accepted, long SoldOut, long Troubled, TimeSpan Median, TimeSpan Slow);

/// <summary>Runs wrk with two threads, and 256 connections unless told otherwise.</summary>
internal static partial class Wrk
{
    private const int Connections = 256;

    /// <summary>Asks for one path again and again.</summary>
    public static Task<WrkReport> GetAsync(Uri url, int seconds, string path) =>
        RunAsync(Connections, seconds, new Uri(url, path).ToString());

    /// <summary>Reserves, with the arguments of reserve.lua.</summary>
    public static Task<WrkReport> ReserveAsync(Uri url, int seconds, params string[] arguments) =>
        CrowdAsync(url, Connections, seconds, arguments);

    /// <summary>The same with more buyers or fewer.</summary>
    public static Task<WrkReport> CrowdAsync(Uri url, int connections, int seconds, params string[] arguments) =>
        RunAsync(connections, seconds, ["-s", Path.Combine(AppContext.BaseDirectory, "reserve.lua"), url.ToString(), "--", .. arguments]);

    private static async Task<WrkReport> RunAsync(int connections, int seconds, params string[] arguments)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk", ["-t2", $"-c{connections}", $"-d{seconds}", "--latency", .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var answers = Answers().Match(output);
        var (soldOut, troubled) = (Count(2), Count(3));
        return new(
            double.Parse(RequestsPerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            Count(1) - soldOut - troubled, soldOut, troubled, TimeOf(Median().Match(output)), TimeOf(Slow().Match(output)));

        long Count(int group) => answers.Success ? long.Parse(answers.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
    }

    private static TimeSpan TimeOf(Match figure)
    {
        var value = double.Parse(figure.Groups[1].Value, CultureInfo.InvariantCulture);
        return figure.Groups[2].Value switch
        {
            "us" => TimeSpan.FromMicroseconds(value),
            "ms" => TimeSpan.FromMilliseconds(value),
            _ => TimeSpan.FromSeconds(value),
        };
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RequestsPerSecond();

    [GeneratedRegex(@"Answers: (\d+), sold out (\d+), in trouble (\d+)")]
    private static partial Regex Answers();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Median();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Slow();
}

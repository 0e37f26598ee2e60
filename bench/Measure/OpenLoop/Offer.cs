using System.Diagnostics;
using System.Text.Json;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>Runs generators as processes of their own, so that their processor time can be told apart.</summary>
internal static class Offer
{
    private static readonly TimeSpan Overhead = TimeSpan.FromSeconds(30); // to start, connect and tell

    // One thread works, and every request is like the last: no second compilation, no collector with threads of its own.
    private static readonly (string, string)[] Runtime = [("DOTNET_TieredCompilation", "0"), ("DOTNET_gcServer", "0"), ("DOTNET_gcConcurrent", "0")];

    /// <summary>In the generator's process: does what the argument asks for, and prints the report.</summary>
    public static void Run(string request)
    {
        using var generator = new OpenLoopGenerator(JsonSerializer.Deserialize<OfferRequest>(request, JsonSerializerOptions.Web)!);
        Console.WriteLine(JsonSerializer.Serialize(generator.Run(), JsonSerializerOptions.Web));
    }

    /// <summary>Sends all of it from so many processes, each its share.</summary>
    public static async Task<OfferReport> SendAsync(OfferRequest request, int processes = 1)
    {
        var reports = await Task.WhenAll(Enumerable.Range(1, processes).Select(number => SendOneAsync(request with
        {
            PerSecond = request.PerSecond / processes,
            Connections = request.Connections / processes,
            Seed = number,
        })));
        return reports.Aggregate((a, b) => a + b);
    }

    private static async Task<OfferReport> SendOneAsync(OfferRequest request)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "BoxOffice.Measure"), ["offer", JsonSerializer.Serialize(request, JsonSerializerOptions.Web)])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (key, value) in Runtime) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var patience = TimeSpan.FromSeconds(request.Seconds + request.PatienceSeconds + request.AnswerSeconds) + Overhead;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(patience);
            await process.WaitForExitAsync();
            return JsonSerializer.Deserialize<OfferReport>(output, JsonSerializerOptions.Web)!;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}

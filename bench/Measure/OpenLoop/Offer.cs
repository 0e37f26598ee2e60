using System.Diagnostics;
using System.Text.Json;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>Runs generators as separate processes, so that their processor time is measured apart.</summary>
internal static class Offer
{
    private static readonly TimeSpan Overhead = TimeSpan.FromSeconds(30); // to start, connect and report

    // One thread sends equal requests: no tiered compilation, and no garbage collector with its own threads.
    private static readonly (string, string)[] Runtime =
        [("DOTNET_TieredCompilation", "0"), ("DOTNET_gcServer", "0"), ("DOTNET_gcConcurrent", "0")];

    /// <summary>Runs in the generator's process: executes the request of the argument, and prints the report.</summary>
    public static void Run(string request)
    {
        using var generator = new OpenLoopGenerator(
            JsonSerializer.Deserialize<OfferRequest>(request, JsonSerializerOptions.Web)!);
        Console.WriteLine(JsonSerializer.Serialize(generator.Run(), JsonSerializerOptions.Web));
    }

    /// <summary>Sends the load from this number of processes, each an equal share.</summary>
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
        var program = Path.Combine(AppContext.BaseDirectory, "BoxOffice.Measure");
        var argument = JsonSerializer.Serialize(request, JsonSerializerOptions.Web);
        var start = new ProcessStartInfo(program, ["offer", argument])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (key, value) in Runtime) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var seconds = request.Seconds + request.PatienceSeconds + request.AnswerSeconds;
        var patience = TimeSpan.FromSeconds(seconds) + Overhead;
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

using System.Text;
using System.Text.Json;
using BoxOffice.Api.Hosting;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// This program as a crowd: a process of its own, so that buyers do not use the memory and the threads of the front-end that
/// they measure. It knows what it is told on its standard input, and nothing else.
/// </summary>
internal static class CrowdProgram
{
    /// <summary>The argument that makes it one.</summary>
    public const string Argument = "--rehearsal-crowd";

    private const int FilesOfOurOwn = 200;

    private static readonly TimeSpan DoorAnswerMax = TimeSpan.FromSeconds(5);

    /// <summary>Reads the order, lets the crowd come, and says what became of it.</summary>
    public static async Task<int> RunAsync()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        if (await input.ReadLineAsync() is not { } line || JsonSerializer.Deserialize(line, CrowdJson.Default.CrowdOrder) is not { } order) return 2;
        _ = EndWithAsync(input);
        Say(await ComeAsync(order));
        return 0;
    }

    private static async Task<CrowdLine> ComeAsync(CrowdOrder order)
    {
        var filesMin = order.Order.Buyers + FilesOfOurOwn;
        if (KernelLimits.OpenFiles() < filesMin)
            return new(Problem: $"A process may open {KernelLimits.OpenFiles()} files here, too few for {order.Order.Buyers} buyers (ulimit -n {filesMin} or more).");
        using var crowd = new Crowd(order);
        return await crowd.TryDoorAsync(DoorAnswerMax) is { } trouble
            ? new(Problem: $"Nothing answers at {order.Url}: {trouble}. BoxOffice__RehearsalUrl says where the crowd goes.")
            : new(Result: await crowd.RunAsync(progress => Say(new(progress))));
    }

    /// <summary>When the front-end has gone, or wants it to end, the input ends: a crowd that nobody waits for goes home.</summary>
    private static async Task EndWithAsync(StreamReader input)
    {
        while (await input.ReadLineAsync() is not null) { }
        Environment.Exit(3);
    }

    private static void Say(CrowdLine line) => Console.Out.WriteLine(JsonSerializer.Serialize(line, CrowdJson.Default.CrowdLine));
}

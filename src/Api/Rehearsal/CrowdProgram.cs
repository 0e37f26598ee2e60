using System.Text;
using System.Text.Json;
using BoxOffice.Api.Hosting;

namespace BoxOffice.Api.Rehearsal;

/// <summary>
/// This program as a crowd: a process of its own, so that buyers do not use the memory and the threads of the front-end
/// that they measure. Its standard input is its only source of information.
/// </summary>
internal static class CrowdProgram
{
    /// <summary>The argument that starts it.</summary>
    public const string Argument = "--rehearsal-crowd";

    private const int FilesOfOurOwn = 200;

    private static readonly TimeSpan FirstAnswerMax = TimeSpan.FromSeconds(5);

    /// <summary>Reads the order, runs the crowd, and writes its result.</summary>
    public static async Task<int> RunAsync()
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        if (await input.ReadLineAsync() is not { } line
            || JsonSerializer.Deserialize(line, CrowdJson.Default.CrowdOrder) is not { } order)
            return 2;
        _ = EndWithAsync(input);
        Write(await RunAsync(order));
        return 0;
    }

    private static async Task<CrowdLine> RunAsync(CrowdOrder order)
    {
        var filesMin = order.Order.Buyers + FilesOfOurOwn;
        if (KernelLimits.OpenFiles() is { } files && files < filesMin)
        {
            return new(Problem: $"A process may open {files} files here, too few for {order.Order.Buyers} buyers "
                + $"(ulimit -n {filesMin} or more).");
        }
        using var crowd = new Crowd(order);
        return await crowd.TryConnectAsync(FirstAnswerMax) is { } failure
            ? new(Problem: $"Nothing answers at {order.Url}: {failure}. "
                + "BoxOffice__RehearsalUrl says where the crowd goes.")
            : new(Result: await crowd.RunAsync(progress => Write(new(progress))));
    }

    /// <summary>
    /// Ends the process with its input, which ends when the front-end stops or ends the rehearsal.
    /// </summary>
    private static async Task EndWithAsync(StreamReader input)
    {
        while (await input.ReadLineAsync() is not null) { }
        Environment.Exit(3);
    }

    private static void Write(CrowdLine line) =>
        Console.Out.WriteLine(JsonSerializer.Serialize(line, CrowdJson.Default.CrowdLine));
}

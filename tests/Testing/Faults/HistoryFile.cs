using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxOffice.Testing.Faults;

/// <summary>A history as NDJSON: a line for the start, one before each call is sent, and one with its answer.</summary>
internal sealed class HistoryFile : IDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly StreamWriter _lines;

    private HistoryFile(StreamWriter lines) => _lines = lines;

    public static HistoryFile Create(string path, DateTimeOffset startedAt)
    {
        var file = new HistoryFile(new(path) { AutoFlush = true });
        file.Write(new(StartedAt: startedAt));
        return file;
    }

    public void WriteCall(Operation operation) => Write(new(operation.Id, operation.InvokedAt.Ticks, operation.Call));

    public void WriteAnswer(Operation operation) =>
        Write(new(operation.Id, operation.CompletedAt!.Value.Ticks, Answer: operation.Answer));

    public static (DateTimeOffset StartedAt, List<Operation> Operations) Read(string path)
    {
        var startedAt = DateTimeOffset.UnixEpoch;
        var operations = new List<Operation>();
        foreach (var text in File.ReadLines(path))
        {
            if (!text.EndsWith('}')) break; // incomplete: the process died while it wrote the line
            var line = JsonSerializer.Deserialize<Line>(text, Json)!;
            if (line.StartedAt is { } start) startedAt = start;
            if (line.Call is not null) operations.Add(new(line.Op, line.Call, new(line.At)));
            if (line.Answer is null) continue;
            var index = (int)line.Op - 1;
            operations[index] = operations[index] with { CompletedAt = new(line.At), Answer = line.Answer };
        }
        return (startedAt, operations);
    }

    public void Dispose() => _lines.Dispose();

    private void Write(Line line) => _lines.WriteLine(JsonSerializer.Serialize(line, Json));

    /// <param name="Op">The operation's id.</param>
    /// <param name="At">Ticks of 100 ns since the start.</param>
    /// <param name="Call">The call, in the line before sending.</param>
    /// <param name="Answer">The answer, in the line after it.</param>
    /// <param name="StartedAt">The start of the history, in the first line.</param>
    private sealed record Line(
        long Op = 0, long At = 0, Call? Call = null, Answer? Answer = null, DateTimeOffset? StartedAt = null);
}

using System.Diagnostics;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// The calls of all clients of a run and their answers, in the order of sending. Thread-safe. With a file, each call is
/// written before it is sent, so that the evidence survives a crash of the run.
/// </summary>
public sealed class History : IDisposable
{
    private readonly long _startedTimestamp = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly List<Operation> _operations = [];
    private readonly HistoryFile? _file;
    private int _decided;

    /// <summary>Starts a history at the current time.</summary>
    public History(string? path = null) : this(DateTimeOffset.UtcNow)
    {
        if (path is not null) _file = HistoryFile.Create(path, StartedAt);
    }

    private History(DateTimeOffset startedAt) => StartedAt = startedAt;

    /// <summary>The wall clock at the start: relates the journal's times to the history's.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Monotonic time since the start.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_startedTimestamp);

    public int Count
    {
        get { lock (_gate) return _operations.Count; }
    }

    /// <summary>Calls that were accepted, or refused by a rule of sale.</summary>
    public int DecidedCount => Volatile.Read(ref _decided);

    /// <summary>All operations as they are known now.</summary>
    public Operation[] Operations
    {
        get { lock (_gate) return [.. _operations]; }
    }

    /// <summary>A history of given operations, for tests of its readers.</summary>
    public static History Of(DateTimeOffset startedAt, params IEnumerable<Operation> operations)
    {
        var history = new History(startedAt);
        history._operations.AddRange(operations);
        return history;
    }

    /// <summary>
    /// Reads a history from its file. An incomplete last line is ignored; the outcome of a call without an answer is
    /// unknown.
    /// </summary>
    public static History Load(string path)
    {
        var (startedAt, operations) = HistoryFile.Read(path);
        return Of(startedAt, operations);
    }

    /// <summary>Writes all operations to a file.</summary>
    public void Save(string path)
    {
        using var file = HistoryFile.Create(path, StartedAt);
        foreach (var operation in Operations)
        {
            file.WriteCall(operation);
            if (operation.Answer is not null) file.WriteAnswer(operation);
        }
    }

    /// <summary>Records a call. Must be called directly before sending.</summary>
    public Operation Begin(Call call)
    {
        Operation operation;
        lock (_gate)
        {
            operation = new(_operations.Count + 1, call, Now);
            _operations.Add(operation);
            _file?.WriteCall(operation);
        }
        return operation;
    }

    /// <summary>
    /// Records an answer. Must be called as soon as it was read, or it is certain that none will come.
    /// </summary>
    public Operation End(Operation operation, Answer answer)
    {
        var completedAt = Now; // before waiting for the gate: a later time would hide a wrong order
        var ended = operation with { CompletedAt = completedAt, Answer = answer };
        if (ended.IsDecided()) Interlocked.Increment(ref _decided);
        lock (_gate)
        {
            _operations[(int)operation.Id - 1] = ended;
            _file?.WriteAnswer(ended);
        }
        return ended;
    }

    public void Dispose() => _file?.Dispose();
}

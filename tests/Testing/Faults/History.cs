using System.Diagnostics;

namespace BoxOffice.Testing.Faults;

/// <summary>
/// What all clients of a run asked and were told, in the order of sending. Any thread may write. With a file, each call
/// is on disk before it is sent, so that a run that dies leaves its evidence.
/// </summary>
public sealed class History : IDisposable
{
    private readonly long _startedTimestamp = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly List<Operation> _operations = [];
    private readonly HistoryFile? _file;
    private int _decided;

    /// <summary>Begins now.</summary>
    public History(string? path = null) : this(DateTimeOffset.UtcNow)
    {
        if (path is not null) _file = HistoryFile.Create(path, StartedAt);
    }

    private History(DateTimeOffset startedAt) => StartedAt = startedAt;

    /// <summary>The wall clock at the start: ties the journal's times to the history's.</summary>
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

    /// <summary>A history of these operations, for a test of whoever reads it.</summary>
    public static History Of(DateTimeOffset startedAt, params IEnumerable<Operation> operations)
    {
        var history = new History(startedAt);
        history._operations.AddRange(operations);
        return history;
    }

    /// <summary>Reads a history back. A last line that was cut off is left out; a call without an answer is unknown.</summary>
    public static History Load(string path)
    {
        var (startedAt, operations) = HistoryFile.Read(path);
        return Of(startedAt, operations);
    }

    /// <summary>Keeps what is known now.</summary>
    public void Save(string path)
    {
        using var file = HistoryFile.Create(path, StartedAt);
        foreach (var operation in Operations)
        {
            file.WriteCall(operation);
            if (operation.Answer is not null) file.WriteAnswer(operation);
        }
    }

    /// <summary>To be called just before sending.</summary>
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

    /// <summary>To be called as soon as the answer was read, or it is sure that none will come.</summary>
    public Operation End(Operation operation, Answer answer)
    {
        var completedAt = Now; // before waiting for the gate: later would hide a wrong order
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

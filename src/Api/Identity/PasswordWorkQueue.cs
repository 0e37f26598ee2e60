namespace BoxOffice.Api.Identity;

/// <summary>Who waits for a password.</summary>
/// <param name="IsOperator">Operators are few, and have a queue of their own.</param>
/// <param name="IsKnown">Whether the caller logged in from this address before.</param>
/// <param name="Failures">How often this address failed at an account that is attacked from others.</param>
internal readonly record struct PasswordCaller(bool IsOperator = false, bool IsKnown = false, int Failures = 0);

/// <summary>
/// Two bounded queues that take turns: of callers at known addresses, and of all others. Each has at least half of the
/// turns. Of the others, those with fewer failures come first; in a full queue they replace those with more.
/// </summary>
/// <param name="lengthMax">Most work that waits in each of the two.</param>
internal sealed class PasswordWorkQueue(int lengthMax) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedSet<Entry> _known = [];
    private readonly SortedSet<Entry> _others = [];
    private readonly SemaphoreSlim _waiting = new(0); // as many as there are entries
    private readonly CancellationTokenSource _stop = new();
    private long _added;
    private bool _isTurnOfOthers;

    /// <summary>Work that waits.</summary>
    public int Length
    {
        get
        {
            lock (_gate) return _known.Count + _others.Count;
        }
    }

    /// <summary>Work of such a caller that waits.</summary>
    public int LengthFor(PasswordCaller caller)
    {
        lock (_gate) return QueueOf(caller).Count;
    }

    /// <summary>Adds work; false when the queue is full of callers with as few failures.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="run">Does the work.</param>
    /// <param name="refuse">Is called instead when other work replaces this.</param>
    public bool TryAdd(PasswordCaller caller, Action run, Action refuse)
    {
        Entry? replaced = null;
        lock (_gate)
        {
            var queue = QueueOf(caller);
            if (queue.Count >= lengthMax)
            {
                replaced = queue.Max!;
                if (replaced.Failures <= caller.Failures) return false;
                queue.Remove(replaced);
            }
            queue.Add(new(caller.Failures, _added++, run, refuse));
        }
        if (replaced is null) _waiting.Release();
        else replaced.Refuse();
        return true;
    }

    /// <summary>Runs work on the calling thread until the queue is disposed of.</summary>
    public void Run()
    {
        try
        {
            while (true)
            {
                _waiting.Wait(_stop.Token);
                Take().Run();
            }
        }
        catch (OperationCanceledException)
        {
            // the end
        }
    }

    /// <summary>Ends the threads after their present work.</summary>
    public void Dispose() => _stop.Cancel();

    private SortedSet<Entry> QueueOf(PasswordCaller caller) => caller.IsKnown ? _known : _others;

    private Entry Take()
    {
        lock (_gate)
        {
            _isTurnOfOthers = !_isTurnOfOthers;
            var queue = _known.Count == 0 || (_isTurnOfOthers && _others.Count > 0) ? _others : _known;
            var first = queue.Min!;
            queue.Remove(first);
            return first;
        }
    }

    private sealed record Entry(int Failures, long Number, Action Run, Action Refuse) : IComparable<Entry>
    {
        public int CompareTo(Entry? other) => (Failures, Number).CompareTo((other!.Failures, other.Number));
    }
}

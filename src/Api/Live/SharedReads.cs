using BoxOffice.Api.Collections;

namespace BoxOffice.Api.Live;

/// <summary>
/// Reads by key that their callers share. A caller gets the first read that begins after its call, so that no answer is
/// older than its request, or, where that is enough, a read that began a pause ago at most. Reads of one key follow
/// each other after a pause. A key that nobody asks for leaves the memory after that pause.
/// </summary>
/// <param name="readAsync">Reads one key.</param>
/// <param name="pauseAsync">Waits between the end of a read and the next one of the same key.</param>
internal sealed class SharedReads<TKey, TValue>(Func<TKey, Task<TValue>> readAsync, Func<Task> pauseAsync)
    where TKey : notnull
{
    private readonly ActiveMap<TKey, Reads> _reads = new(lifetime => new(lifetime));

    /// <summary>Keys that are read, or were within the last pause.</summary>
    public int Count => _reads.Count;

    /// <summary>True when the key is read, or was within the last pause.</summary>
    public bool Contains(TKey key) => _reads.Contains(key);

    /// <summary>A read; null when it had to be ordered and <paramref name="mayOrder"/> refused.</summary>
    /// <param name="key">What to read.</param>
    /// <param name="isLatestEnough">Whether the latest read is enough, if there is one.</param>
    /// <param name="mayOrder">Asked when no other caller waits for the next read. Null: it always may.</param>
    public Task<TValue>? ReadAsync(TKey key, bool isLatestEnough = false, Func<bool>? mayOrder = null)
    {
        var (read, idle) = _reads.Use(
            key, (isLatestEnough, mayOrder), static (reads, asked) => reads.Read(asked.isLatestEnough, asked.mayOrder));
        if (idle is not null) _ = ReadWhileRequestedAsync(key, idle);
        return read;
    }

    private async Task ReadWhileRequestedAsync(TKey key, Reads reads)
    {
        while (reads.TakeNext() is { } requested)
        {
            try
            {
                requested.SetResult(await readAsync(key));
            }
            catch (Exception e)
            {
                requested.SetException(e);
            }
            await pauseAsync();
        }
    }

    /// <summary>The reads of one key.</summary>
    private sealed class Reads(ActiveMap<TKey, Reads>.Lifetime lifetime)
    {
        private TaskCompletionSource<TValue>? _next;
        private Task<TValue>? _latest;
        private bool _isReading;

        /// <summary>
        /// A read, and these reads when the caller must start them. The caller holds the lifetime's gate.
        /// </summary>
        public (Task<TValue>? Read, Reads? Idle) Read(bool isLatestEnough, Func<bool>? mayOrder)
        {
            if (isLatestEnough && _latest is { } latest) return (latest, null);
            if (_next is null && mayOrder?.Invoke() == false)
            {
                if (!_isReading) lifetime.End();
                return (null, null);
            }
            var idle = _isReading ? null : this;
            _isReading = true;
            _next ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (idle is not null) _latest = _next.Task;
            return (_next.Task, idle);
        }

        /// <summary>The read that callers wait for; null, and the end, when there is none.</summary>
        public TaskCompletionSource<TValue>? TakeNext()
        {
            lock (lifetime.Gate)
            {
                var requested = _next;
                _next = null;
                if (requested is null) lifetime.End();
                else _latest = requested.Task;
                return requested;
            }
        }
    }
}

using BoxOffice.Grains.Journal;

namespace BoxOffice.Grains;

/// <summary>
/// Lets a few events of a silo replay at once. A silo that takes over a thousand events has six connections to read them, and one event
/// may have millions of entries: so each replay passes the gate again for each part that it reads, and events for whose tickets
/// somebody waits go before those that somebody only looks at.
/// </summary>
/// <remarks>Within each of the two kinds the one that waits longest is the next.</remarks>
public sealed class ReplayGate : IDisposable
{
    /// <summary>Replays that read at once: two connections are left for other readers.</summary>
    public const int ReplaysMax = 4;

    // A made-up id costs a look at a head, over the connections that refusals need too: no more than half of them.
    private const int HeadsMax = 2;

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _waiting = new();
    private readonly SemaphoreSlim _heads = new(HeadsMax);
    private int _replays;

    /// <inheritdoc/>
    public void Dispose() => _heads.Dispose();

    /// <summary>Reads a head, a few at once.</summary>
    public async Task<JournalHead> HeadAsync(Func<Task<JournalHead>> readAsync, CancellationToken stop)
    {
        await _heads.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await readAsync().ConfigureAwait(false);
        }
        finally
        {
            _heads.Release();
        }
    }

    /// <summary>Carries out one part of a replay when it is its turn.</summary>
    /// <param name="isUrgent">Asked each time a place is free: it may become so while it waits.</param>
    /// <param name="readAsync">The part.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<T> PassAsync<T>(Func<bool> isUrgent, Func<Task<T>> readAsync, CancellationToken stop)
    {
        await EnterAsync(isUrgent, stop).ConfigureAwait(false);
        try
        {
            return await readAsync().ConfigureAwait(false);
        }
        finally
        {
            LetNext();
        }
    }

    private async Task EnterAsync(Func<bool> isUrgent, CancellationToken stop)
    {
        Waiting waiting;
        lock (_lock)
        {
            if (_replays < ReplaysMax)
            {
                _replays++;
                return;
            }
            waiting = new(isUrgent, new(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiting.AddLast(waiting);
        }
        await using var ended = stop.Register(() => waiting.Turn.TrySetCanceled(stop));
        await waiting.Turn.Task.ConfigureAwait(false);
    }

    private void LetNext()
    {
        lock (_lock)
        {
            while ((_waiting.FirstOrDefault(one => one.IsUrgent()) ?? _waiting.First?.Value) is { } next)
            {
                _waiting.Remove(next);
                if (next.Turn.TrySetResult()) return; // it has this one's place
            }
            _replays--;
        }
    }

    private sealed record Waiting(Func<bool> IsUrgent, TaskCompletionSource Turn);
}

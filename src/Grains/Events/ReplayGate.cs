using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Events;

/// <summary>
/// Lets a few events of a silo replay at once. A silo that takes over a thousand events has six connections to read them, and one event
/// may have millions of entries: so each replay passes the gate again for each part that it reads, and events for whose tickets
/// somebody waits go before those that somebody only looks at.
/// </summary>
public sealed class ReplayGate
{
    /// <summary>Replays that read at once: two connections are left for other readers.</summary>
    public const int ReplaysMax = 4;

    // A made-up id costs a look at a head, over the connections that refusals need too: no more than half of them.
    private const int HeadsMax = 2;

    private readonly PriorityGate _replays = new(ReplaysMax);
    private readonly PriorityGate _heads = new(HeadsMax);

    /// <summary>Reads a head, a few at once: whether there is anything to replay.</summary>
    /// <param name="isUrgent">Asked each time a place is free: it may become so while it waits.</param>
    /// <param name="readAsync">Reads it.</param>
    /// <param name="stop">Ends the waiting.</param>
    public Task<JournalHead> HeadAsync(Func<bool> isUrgent, Func<Task<JournalHead>> readAsync, CancellationToken stop) =>
        _heads.PassAsync(isUrgent, readAsync, stop);

    /// <summary>Carries out one part of a replay when it is its turn.</summary>
    /// <param name="isUrgent">Asked each time a place is free: it may become so while it waits.</param>
    /// <param name="readAsync">The part.</param>
    /// <param name="stop">Ends the waiting.</param>
    public Task<T> PassAsync<T>(Func<bool> isUrgent, Func<Task<T>> readAsync, CancellationToken stop) =>
        _replays.PassAsync(isUrgent, readAsync, stop);
}

/// <summary>Lets a few pass at once, the urgent ones first; within each of the two kinds the one that waits longest is the next.</summary>
/// <param name="places">How many.</param>
internal sealed class PriorityGate(int places)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _waiting = new();
    private int _taken;

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
            if (_taken < places)
            {
                _taken++;
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
            _taken--;
        }
    }

    private sealed record Waiting(Func<bool> IsUrgent, TaskCompletionSource Turn);
}

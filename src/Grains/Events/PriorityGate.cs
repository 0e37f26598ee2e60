namespace BoxOffice.Grains.Events;

/// <summary>Admits a few at once, urgent ones first; within each of the two kinds in order of arrival.</summary>
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
            Leave();
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

    private void Leave()
    {
        lock (_lock)
        {
            while ((_waiting.FirstOrDefault(waiting => waiting.IsUrgent()) ?? _waiting.First?.Value) is { } next)
            {
                _waiting.Remove(next);
                if (next.Turn.TrySetResult()) return; // it takes over the place
            }
            _taken--;
        }
    }

    private sealed record Waiting(Func<bool> IsUrgent, TaskCompletionSource Turn);
}

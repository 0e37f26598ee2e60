namespace BoxOffice.Api.Live;

/// <summary>
/// One event's numbers, looked at once for all who listen at this front-end; what is written to each of them is the same
/// bytes. Whoever reads slowly misses numbers, but never the latest.
/// </summary>
internal sealed class Broadcast(Broadcasts owner, string eventId)
{
    private readonly Lock _gate = new();
    private int _listeners;
    private volatile bool _hasEnded;
    private volatile Frame? _latest;
    private TaskCompletionSource _news = NewSignal();

    /// <summary>Why it ended, when it could not go on.</summary>
    public Exception? Trouble { get; private set; }

    /// <summary>Another listener. False when this broadcast has ended, and a new one takes its place.</summary>
    public bool TryJoin()
    {
        lock (_gate)
        {
            if (_hasEnded) return false;
            if (_listeners++ == 0) _ = RunAsync();
            return true;
        }
    }

    /// <summary>One listener less; without any it ends.</summary>
    public void Leave()
    {
        lock (_gate) _listeners--;
    }

    /// <summary>
    /// Waits until there is something to write: the numbers, when they are others than those that were written last, or else
    /// a sign of life. Null when this broadcast has ended: whoever listens should come back, to whatever front-end.
    /// </summary>
    public async ValueTask<Frame?> NextAsync(string? writtenId, CancellationToken stop)
    {
        var news = Volatile.Read(ref _news).Task; // before looking, so that nothing is missed in between
        if (_hasEnded) return null;
        if (_latest is { } now && now.Id != writtenId) return now;
        await news.WaitAsync(stop);
        if (_hasEnded) return null;
        return _latest is { } latest && latest.Id != writtenId ? latest : Frame.SignOfLife;
    }

    private async Task RunAsync()
    {
        await Task.Yield(); // out of the caller's lock
        try
        {
            await LookAsync();
        }
        catch (Exception e)
        {
            Trouble = e;
        }
        lock (_gate) _hasEnded = true;
        owner.Forget(eventId, this);
        Signal();
    }

    /// <summary>Looks again and again, until nobody listens, this process stops, or there is no such event.</summary>
    private async Task LookAsync()
    {
        var saidAt = owner.Time.GetTimestamp();
        while (IsWanted() && await owner.StatusAsync(eventId) is { } status)
        {
            var hasNews = Frame.IdOf(status) != _latest?.Id;
            if (hasNews) _latest = Frame.Of(status);
            if (hasNews || owner.Time.GetElapsedTime(saidAt) >= owner.Heartbeat)
            {
                saidAt = owner.Time.GetTimestamp();
                Signal();
            }
            await Task.Delay(owner.Period, owner.Time, owner.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsWanted()
    {
        lock (_gate)
        {
            if (_listeners > 0 && !owner.Stopping.IsCancellationRequested) return true;
            _hasEnded = true; // together with the look, so that nobody joins in between
            return false;
        }
    }

    private void Signal() => Interlocked.Exchange(ref _news, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using BoxOffice.Api.Collections;

namespace BoxOffice.Api.Live;

/// <summary>
/// One event's availability, polled once for all its listeners at this front-end, who get the same bytes. A slow
/// listener misses versions, but never the latest. A broadcast without listeners ends.
/// </summary>
internal sealed class Broadcast(Broadcasts owner, ActiveMap<string, Broadcast>.Lifetime lifetime)
{
    private int _listeners;
    private bool _isRunning;
    private volatile Frame? _latest;
    private TaskCompletionSource _news = NewSignal();

    /// <summary>Why polling failed; null unless it did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Adds a listener. The caller holds the gate of the broadcast's lifetime.</summary>
    public Broadcast Join()
    {
        _listeners++;
        if (!_isRunning) _ = RunAsync();
        _isRunning = true;
        return this;
    }

    /// <summary>Removes a listener.</summary>
    public void Leave()
    {
        lock (lifetime.Gate) _listeners--;
    }

    /// <summary>
    /// Waits for the next frame to write: the latest version, unless it was written already, or else a heartbeat.
    /// Null when the broadcast has ended: the listener should reconnect, to any front-end.
    /// </summary>
    public async ValueTask<Frame?> NextAsync(string? writtenId, CancellationToken stop)
    {
        var news = Volatile.Read(ref _news).Task; // taken first: a signal during the check is not missed
        if (lifetime.HasEnded) return null;
        if (_latest is { } now && now.Id != writtenId) return now;
        await news.WaitAsync(stop);
        if (lifetime.HasEnded) return null;
        return _latest is { } latest && latest.Id != writtenId ? latest : Frame.Heartbeat;
    }

    private async Task RunAsync()
    {
        await Task.Yield(); // the caller holds the gate
        try
        {
            await PollAsync();
        }
        catch (Exception e)
        {
            Failure = e;
        }
        lock (lifetime.Gate) lifetime.End();
        Signal();
    }

    /// <summary>
    /// Polls the event until there are no listeners, this process stops, or the event does not exist.
    /// </summary>
    private async Task PollAsync()
    {
        var signalledAt = owner.Time.GetTimestamp();
        while (IsWanted() && await owner.StatusAsync(lifetime.Key) is { } status)
        {
            var hasNews = Frame.IdOf(status) != _latest?.Id;
            if (hasNews) _latest = Frame.Of(status);
            if (hasNews || owner.Time.GetElapsedTime(signalledAt) >= owner.Heartbeat)
            {
                signalledAt = owner.Time.GetTimestamp();
                Signal();
            }
            await Task.Delay(owner.Period, owner.Time, owner.Stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsWanted()
    {
        lock (lifetime.Gate)
        {
            if (_listeners > 0 && !owner.Stopping.IsCancellationRequested) return true;
            lifetime.End(); // under the gate of the check, so that no listener joins in between
            return false;
        }
    }

    private void Signal() => Interlocked.Exchange(ref _news, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

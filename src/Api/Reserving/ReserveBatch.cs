namespace BoxOffice.Api.Reserving;

/// <summary>
/// One event's calls that are sent together. Calls that the event would refuse by its latest sold-out notice are
/// spared, that is not sent: the event need only confirm that the notice still holds.
/// </summary>
internal sealed class ReserveBatch
{
    private readonly PendingReserve[] _calls;
    private readonly PendingReserve[] _asked;
    private readonly SoldOutNotice? _soldOut;
    private readonly TimeProvider _time;
    private PendingReserve[] _spared = [];

    /// <param name="queue">The queue of the calls.</param>
    /// <param name="calls">At least one.</param>
    /// <param name="latches">Has the notices of sold-out events; null: no call is spared.</param>
    /// <param name="time">The clock.</param>
    public ReserveBatch(EventQueue queue, PendingReserve[] calls, SoldOutLatches? latches, TimeProvider time)
    {
        (Queue, _calls, _asked, _time, AskedAt) = (queue, calls, calls, time, time.GetTimestamp());
        _soldOut = latches?.NoticeOf(queue.EventId);
        if (_soldOut is not null) _spared = Array.FindAll(calls, call => _soldOut.IsFor(call.Request));
        if (_spared.Length > 0) _asked = [.. calls.Except(_spared)];
    }

    public EventQueue Queue { get; }

    public string EventId => Queue.EventId;

    public IReadOnlyList<PendingReserve> Calls => _calls;

    /// <summary>A timestamp from before the batch is sent.</summary>
    public long AskedAt { get; }

    /// <summary>The number of the attempt, from 1.</summary>
    public int Attempt => _calls.Max(call => call.Attempt);

    public ReserveRequest[] Requests => Array.ConvertAll(_asked, call => call.Request);

    /// <summary>
    /// True when it must not be sent with other events' batches: its trace continues in the silo, or it has no call
    /// that needs a decision, for which the event may have to read the journal.
    /// </summary>
    public bool GoesAlone => _asked.Length == 0 || Array.Exists(_calls, call => call.Caller is not null);

    /// <summary>Completes all calls with the event's answer.</summary>
    /// <returns>The spared calls, when the notice no longer holds and they must be sent; usually null.</returns>
    public ReserveBatch? Complete(in ReserveResults results)
    {
        if (results.Results.Length != _asked.Length)
            throw new InvalidOperationException($"{results.Results.Length} of {_asked.Length} calls were answered.");
        for (var i = 0; i < _asked.Length; i++) Complete(_asked[i], results.Results[i], results);
        if (_spared.Length > 0 && results.SoldOutAt != _soldOut!.Sequence) return new(Queue, _spared, null, _time);
        foreach (var call in _spared) Complete(call, new(ReserveStatus.SoldOut), results);
        return null;
    }

    /// <summary>The attempt failed. Spared calls were not sent: their outcome is known.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="isSilent">
    /// True when the event may still answer: calls without a key, which cannot be retried, go on waiting for that.
    /// </param>
    public void Fail(Exception failure, bool isSilent = false)
    {
        var failed = isSilent ? _asked.Where(call => call.Request.Key is not null) : _asked;
        foreach (var call in failed) call.TrySetException(failure);
        if (CallFailure.MayHelp(failure)) failure = new NotAppliedException("The event could not be asked.", failure);
        foreach (var call in _spared) call.TrySetException(failure);
        _spared = [];
    }

    private void Complete(PendingReserve call, in ReserveResult answer, in ReserveResults results)
    {
        var queue = _time.GetElapsedTime(call.Since) - results.Turn - results.Store;
        if (queue < TimeSpan.Zero) queue = TimeSpan.Zero;
        call.Complete(new(answer, queue, results.Turn, results.Store, call == _calls[0] ? _calls.Length : 0));
    }
}

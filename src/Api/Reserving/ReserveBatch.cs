namespace BoxOffice.Api.Reserving;

/// <summary>
/// One event's calls that go out together. Whom the event would have refused when it was last heard of is not sent, but
/// spared: the event need only say that nothing has happened since.
/// </summary>
internal sealed class ReserveBatch
{
    private readonly PendingReserve[] _calls;
    private readonly PendingReserve[] _asked;
    private readonly SoldOutNotice? _soldOut;
    private readonly TimeProvider _time;
    private PendingReserve[] _spared = [];

    /// <param name="queue">Where the calls come from.</param>
    /// <param name="calls">At least one.</param>
    /// <param name="latches">What is known of sold-out events; null: everybody is asked for.</param>
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

    /// <summary>A timestamp from before the event is asked.</summary>
    public long AskedAt { get; }

    /// <summary>The number of the attempt, from 1.</summary>
    public int Attempt => _calls.Max(call => call.Attempt);

    public ReserveRequest[] Requests => Array.ConvertAll(_asked, call => call.Request);

    /// <summary>
    /// True when it is not joined with others: its trace goes on in the silo, and an answer without a decision may take
    /// a read of the journal.
    /// </summary>
    public bool GoesAlone => _asked.Length == 0 || Array.Exists(_calls, call => call.Caller is not null);

    /// <summary>Gives everybody the answer.</summary>
    /// <returns>Those who were spared in vain, and must be asked for; usually null.</returns>
    public ReserveBatch? Tell(in ReserveResults results)
    {
        if (results.Results.Length != _asked.Length)
            throw new InvalidOperationException($"{results.Results.Length} of {_asked.Length} calls were answered.");
        for (var i = 0; i < _asked.Length; i++) Tell(_asked[i], results.Results[i], results);
        if (_spared.Length > 0 && results.SoldOutAt != _soldOut!.Sequence) return new(Queue, _spared, null, _time);
        foreach (var call in _spared) Tell(call, new(ReserveStatus.SoldOut), results);
        return null;
    }

    /// <summary>The attempt failed. Whoever was spared was not sent, and is in no doubt.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="isSilent">
    /// True when the event may yet answer: then whoever has no key, and cannot be asked for again, waits for that.
    /// </param>
    public void Fail(Exception failure, bool isSilent = false)
    {
        var failed = isSilent ? _asked.Where(call => call.Request.Key is not null) : _asked;
        foreach (var call in failed) call.TrySetException(failure);
        if (CallFailure.MayHelp(failure)) failure = new NotAppliedException("The event could not be asked.", failure);
        foreach (var call in _spared) call.TrySetException(failure);
        _spared = [];
    }

    private void Tell(PendingReserve call, in ReserveResult answer, in ReserveResults results)
    {
        var queue = _time.GetElapsedTime(call.Since) - results.Turn - results.Store;
        if (queue < TimeSpan.Zero) queue = TimeSpan.Zero;
        call.Tell(new(answer, queue, results.Turn, results.Store, call == _calls[0] ? _calls.Length : 0));
    }
}

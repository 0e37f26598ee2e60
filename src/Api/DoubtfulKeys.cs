namespace BoxOffice.Api;

/// <summary>
/// Remembers, for calls with a key, until when an attempt that got no answer may still be carried out. A second HTTP request
/// with the same key must not be refused for good within that time: the first one's attempt might sell after it.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="countMax">Most keys remembered; the oldest is forgotten first. It is nearest to its end.</param>
internal sealed class DoubtfulKeys(TimeProvider time, int countMax)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CallKey, long> _until = [];
    private readonly Queue<(CallKey Call, long Until)> _oldestFirst = new();

    /// <summary>An attempt may be carried out until a timestamp.</summary>
    public void Add(string eventId, in ReserveRequest request, long until)
    {
        if (request.Key is null) return;
        var call = new CallKey(eventId, request.MemberId, request.Key);
        lock (_gate)
        {
            Forget();
            if (_until.TryGetValue(call, out var known) && known >= until) return;
            _until[call] = until;
            _oldestFirst.Enqueue((call, until));
        }
    }

    /// <summary>The timestamp until which an earlier attempt may be carried out; <see cref="long.MinValue"/> when there is none.</summary>
    public long UntilOf(string eventId, in ReserveRequest request)
    {
        if (request.Key is null) return long.MinValue;
        lock (_gate)
        {
            if (_until.Count == 0) return long.MinValue; // as almost always
            var until = _until.GetValueOrDefault(new(eventId, request.MemberId, request.Key), long.MinValue);
            return until > time.GetTimestamp() ? until : long.MinValue;
        }
    }

    private void Forget()
    {
        var now = time.GetTimestamp();
        while (_oldestFirst.TryPeek(out var oldest) && (oldest.Until <= now || _oldestFirst.Count >= countMax))
        {
            _oldestFirst.Dequeue();
            if (_until.TryGetValue(oldest.Call, out var until) && until <= oldest.Until) _until.Remove(oldest.Call);
        }
    }

    private readonly record struct CallKey(string EventId, string MemberId, string Key);
}

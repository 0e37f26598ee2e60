using System.Collections.Concurrent;
using BoxOffice.Api.Silos;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api;

/// <summary>
/// Refuses without asking the event, for a moment after the event said that it is sold out: most of a crowd comes too
/// late, and costs no grain call then. Every refusal is one that the event itself would have given no longer ago than
/// <see cref="ApiOptions.SoldOutTrustedFor"/>, so stock that comes back is on sale again within that time, whatever gets lost.
/// A call with a key is never refused from memory: it may repeat one that was sold through another front-end in that time.
/// For it <see cref="NoticeOf"/> spares the event all but the question whether anything has happened.
/// </summary>
public sealed class SoldOutLatches(SiloLinks links, IOptions<ApiOptions> options, TimeProvider time)
{
    // Who has tickets is a long answer when many have: the event must not spend more than a small part of its time on it,
    // however often tickets come back and are sold again. Until it is asked, it refuses by itself.
    private const int RestFactor = 10;

    // Only events that were sold out are here, and operators open those. A full map begins anew.
    private const int EventsMax = 10_000;

    private readonly ConcurrentDictionary<string, Latch> _latches = new(StringComparer.Ordinal);

    /// <summary>
    /// True when the event would refuse this call as <see cref="ReserveStatus.SoldOut"/>, now or a moment ago, and it
    /// cannot be a repeat.
    /// </summary>
    public bool Refuses(string eventId, in ReserveRequest request) =>
        request.Key is null
        && _latches.TryGetValue(eventId, out var latch)
        && latch.Notice is { } notice
        && time.GetElapsedTime(notice.AskedAt) <= options.Value.SoldOutTrustedFor
        && notice.Said.IsFor(request);

    /// <summary>
    /// What the event said when it was last asked; null when it was not, or stock came back. It is true of the moment in
    /// which the event says that it is sold out at the same sequence.
    /// </summary>
    public SoldOutNotice? NoticeOf(string eventId) => _latches.TryGetValue(eventId, out var latch) ? latch.Notice?.Said : null;

    /// <summary>Events that are refused here at this moment.</summary>
    public int ClosedCount => _latches.Count(one => one.Value.Notice is { } notice && time.GetElapsedTime(notice.AskedAt) <= options.Value.SoldOutTrustedFor);

    /// <summary>The event answered calls.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="soldOutAt">From <see cref="ReserveResults.SoldOutAt"/>.</param>
    /// <param name="askedAt">A timestamp from before it was asked.</param>
    public void Learn(string eventId, long soldOutAt, long askedAt)
    {
        if (soldOutAt == 0) Open(eventId, askedAt);
        else if (!LatchOf(eventId).TryRenew(soldOutAt, askedAt)) _ = AskAsync(eventId);
    }

    /// <summary>
    /// Through this front-end something was done that may have brought stock back: whoever did it should see that at once.
    /// </summary>
    public void Open(string eventId) => Open(eventId, time.GetTimestamp());

    private void Open(string eventId, long moment)
    {
        if (_latches.TryGetValue(eventId, out var latch)) latch.Open(moment);
    }

    private Latch LatchOf(string eventId)
    {
        if (_latches.Count >= EventsMax) _latches.Clear();
        return _latches.GetOrAdd(eventId, _ => new());
    }

    /// <summary>Asks the event who has tickets and which keys were used, once for all calls that were refused meanwhile.</summary>
    private async Task AskAsync(string eventId)
    {
        var latch = LatchOf(eventId);
        var askedAt = time.GetTimestamp();
        if (!latch.TryBeginAsking(askedAt)) return;
        try
        {
            var notice = await links.For(eventId).Grains.TicketEvent(eventId).SoldOut()
                .WaitAsync(options.Value.AttemptTimeout, time);
            if (notice is not null) latch.Close(new(notice, askedAt));
        }
        catch (Exception)
        {
            // Nothing is known then, and the latch stays open: the next caller hears of the trouble from the event itself.
        }
        finally
        {
            var now = time.GetTimestamp();
            latch.EndAsking(askAgainAt: now + (RestFactor * (now - askedAt)));
        }
    }

    /// <summary>What an event said, and when it was asked at the latest.</summary>
    private sealed record Notice(SoldOutNotice Said, long AskedAt);

    /// <summary>One event's. Closed, it has a notice; what was asked before it was opened does not close it again.</summary>
    private sealed class Latch
    {
        private readonly Lock _gate = new();
        private volatile Notice? _notice;
        private long _openedAt = long.MinValue;
        private long _askAgainAt = long.MinValue;
        private bool _isAsking;

        public Notice? Notice => _notice;

        public void Open(long moment)
        {
            lock (_gate)
            {
                _openedAt = Math.Max(_openedAt, moment);
                if (_notice?.AskedAt <= _openedAt) _notice = null;
            }
        }

        public void Close(Notice notice)
        {
            lock (_gate)
            {
                if (notice.AskedAt > _openedAt) _notice = notice;
            }
        }

        /// <summary>False when it is not known who has tickets, or that is different by now.</summary>
        public bool TryRenew(long sequence, long askedAt)
        {
            lock (_gate)
            {
                if (_notice is not { } notice || notice.Said.Sequence != sequence) return false;
                if (askedAt > notice.AskedAt) _notice = notice with { AskedAt = askedAt };
                return true;
            }
        }

        public bool TryBeginAsking(long now)
        {
            lock (_gate)
            {
                if (_isAsking || now < _askAgainAt) return false;
                _isAsking = true;
                return true;
            }
        }

        public void EndAsking(long askAgainAt)
        {
            lock (_gate) (_isAsking, _askAgainAt) = (false, askAgainAt);
        }
    }
}

using BitFaster.Caching.Lru;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Reserving;

/// <summary>
/// Refuses without asking the event, for a moment after the event said that it is sold out: most of a crowd comes too
/// late, and costs no grain call then. Every refusal is one that the event itself would have given no longer ago than
/// <see cref="ApiOptions.SoldOutTrustedFor"/>, so stock that comes back is on sale again within that time, whatever
/// gets lost. A call with a key is never refused from memory: it may repeat one that was sold through another front-end
/// in that time. For it <see cref="NoticeOf"/> spares the event all but the question whether anything has happened.
/// </summary>
public sealed class SoldOutLatches(Router router, IOptions<ApiOptions> options, TimeProvider time)
{
    // Who has tickets is a long answer when many have: the event must not spend more than a small part of its time on
    // it, however often tickets come back and are sold again. Until it is asked, it refuses by itself.
    private const int RestFactor = 10;

    private const int EventsMax = 10_000; // events that were sold out; the least recently used are evicted

    private readonly ConcurrentLru<string, Latch> _latches = new(EventsMax);

    /// <summary>Events that are refused here at this moment.</summary>
    public int ClosedCount => _latches.Count(latch => latch.Value.Notice is { } notice && IsTrusted(notice));

    /// <summary>
    /// True when the event would refuse this call as <see cref="ReserveStatus.SoldOut"/>, now or a moment ago, and it
    /// cannot be a repeat.
    /// </summary>
    public bool Refuses(string eventId, in ReserveRequest request) =>
        request.Key is null && KnownOf(eventId)?.Notice is { } known && IsTrusted(known) && known.Said.IsFor(request);

    /// <summary>
    /// What the event said when it was last asked; null when it was not, or stock came back. It is true of the moment
    /// in which the event says that it is sold out at the same sequence.
    /// </summary>
    public SoldOutNotice? NoticeOf(string eventId) => KnownOf(eventId)?.Notice?.Said;

    /// <summary>The event answered calls.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="soldOutAt">From <see cref="ReserveResults.SoldOutAt"/>.</param>
    /// <param name="askedAt">A timestamp from before it was asked.</param>
    public void Learn(string eventId, long soldOutAt, long askedAt)
    {
        var latch = soldOutAt == 0 ? KnownOf(eventId) : _latches.GetOrAdd(eventId, static _ => new());
        if (soldOutAt == 0) latch?.Open(askedAt);
        else if (!latch!.TryRenew(soldOutAt, askedAt)) _ = AskAsync(eventId, latch);
    }

    /// <summary>
    /// Through this front-end something was done that may have brought stock back: whoever did it should see that at
    /// once.
    /// </summary>
    public void Open(string eventId) => KnownOf(eventId)?.Open(time.GetTimestamp());

    private Latch? KnownOf(string eventId) => _latches.TryGet(eventId, out var latch) ? latch : null;

    private bool IsTrusted(Notice notice) => time.GetElapsedTime(notice.AskedAt) <= options.Value.SoldOutTrustedFor;

    /// <summary>
    /// Asks the event who has tickets and which keys were used, once for all calls that were refused meanwhile.
    /// </summary>
    private async Task AskAsync(string eventId, Latch latch)
    {
        var askedAt = time.GetTimestamp();
        if (!latch.TryBeginAsking(askedAt)) return;
        try
        {
            var asked = router.For(eventId).Grains.TicketEvent(eventId).SoldOut();
            if (await asked.WaitAsync(options.Value.AttemptTimeout, time) is { } said) latch.Close(new(said, askedAt));
        }
        catch (Exception)
        {
            // The latch stays open, and the next caller hears of the failure from the event itself.
        }
        var now = time.GetTimestamp();
        latch.EndAsking(askAgainAt: now + (RestFactor * (now - askedAt)));
    }

    /// <summary>What an event said, and when it was asked at the latest.</summary>
    private sealed record Notice(SoldOutNotice Said, long AskedAt);

    /// <summary>
    /// One event's. Closed, it has a notice; what was asked before it was opened does not close it again.
    /// </summary>
    private sealed class Latch
    {
        private readonly Lock _gate = new();
        private volatile Notice? _notice;
        private long _openedAt = long.MinValue;
        private long _askAgainAt = long.MinValue;

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
            lock (_gate) _notice = notice.AskedAt > _openedAt ? notice : _notice;
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

        /// <summary>False while the event is asked, and for a while after that.</summary>
        public bool TryBeginAsking(long now)
        {
            var known = Interlocked.Read(ref _askAgainAt);
            return now >= known && Interlocked.CompareExchange(ref _askAgainAt, long.MaxValue, known) == known;
        }

        public void EndAsking(long askAgainAt) => Interlocked.Exchange(ref _askAgainAt, askAgainAt);
    }
}

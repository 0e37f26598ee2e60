using BitFaster.Caching.Lru;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Reserving;

/// <summary>
/// Refuses calls without asking the event, for a short time after the event answered that it is sold out: most of a
/// crowd comes too late, and then costs no grain call. The event itself would have given every such refusal no longer
/// ago than <see cref="ApiOptions.SoldOutTrustedFor"/>, so stock that comes back is on sale again within that time,
/// even when messages are lost. A call with a key is never refused from memory: it may be the retry of one that was
/// sold through another front-end in that time. For it, <see cref="NoticeOf"/> reduces the question to whether the
/// notice still holds.
/// </summary>
public sealed class SoldOutLatches(Router router, IOptions<ApiOptions> options, TimeProvider time)
{
    // A notice lists the members with tickets, so it may be long: the event must not spend more than a small part of
    // its time on notices, however often tickets come back and are sold again. Until it is asked, it refuses by itself.
    private const int RestFactor = 10;

    private const int EventsMax = 10_000; // events that were sold out; the least recently used are evicted

    private readonly ConcurrentLru<string, Latch> _latches = new(EventsMax);

    /// <summary>Events whose calls are refused here now.</summary>
    public int ClosedCount => _latches.Count(latch => latch.Value.Notice is { } notice && IsTrusted(notice));

    /// <summary>
    /// True when the event would refuse this call as <see cref="ReserveStatus.SoldOut"/>, now or within the trusted
    /// time, and it cannot be a retry.
    /// </summary>
    public bool Refuses(string eventId, in ReserveRequest request) =>
        request.Key is null
            && KnownOf(eventId)?.Notice is { } known
            && IsTrusted(known)
            && known.SoldOut.IsFor(request);

    /// <summary>
    /// The event's latest notice; null when there is none, or stock came back. It holds at the time at which the event
    /// answers that it is sold out at the same sequence.
    /// </summary>
    public SoldOutNotice? NoticeOf(string eventId) => KnownOf(eventId)?.Notice?.SoldOut;

    /// <summary>Takes what an answer of the event says.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="soldOutAt">From <see cref="ReserveResults.SoldOutAt"/>.</param>
    /// <param name="askedAt">A timestamp from before the event was asked.</param>
    public void Learn(string eventId, long soldOutAt, long askedAt)
    {
        var latch = soldOutAt == 0 ? KnownOf(eventId) : _latches.GetOrAdd(eventId, static _ => new());
        if (soldOutAt == 0) latch?.Open(askedAt);
        else if (!latch!.TryRenew(soldOutAt, askedAt)) _ = AskAsync(eventId, latch);
    }

    /// <summary>
    /// Opens the event's latch: a call through this front-end may have brought stock back, and its caller should see
    /// that at once.
    /// </summary>
    public void Open(string eventId) => KnownOf(eventId)?.Open(time.GetTimestamp());

    private Latch? KnownOf(string eventId) => _latches.TryGet(eventId, out var latch) ? latch : null;

    private bool IsTrusted(Notice notice) => time.GetElapsedTime(notice.AskedAt) <= options.Value.SoldOutTrustedFor;

    /// <summary>
    /// Asks the event for a notice (which members have tickets, which keys were used), once for all refused calls.
    /// </summary>
    private async Task AskAsync(string eventId, Latch latch)
    {
        var askedAt = time.GetTimestamp();
        if (!latch.TryBeginAsking(askedAt)) return;
        try
        {
            var asked = router.For(eventId).Grains.TicketEvent(eventId).SoldOut();
            if (await asked.WaitAsync(options.Value.AttemptTimeout, time) is { } notice)
                latch.Close(new(notice, askedAt));
        }
        catch (Exception)
        {
            // The latch stays open, and the next call fails or succeeds at the event itself.
        }
        var now = time.GetTimestamp();
        latch.EndAsking(askAgainAt: now + (RestFactor * (now - askedAt)));
    }

    /// <summary>An event's notice, and the latest time at which it was asked.</summary>
    private sealed record Notice(SoldOutNotice SoldOut, long AskedAt);

    /// <summary>
    /// One event's latch. Closed, it has a notice; a notice that was asked for before it was opened does not close it.
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

        /// <summary>False when there is no notice, or a newer one is needed.</summary>
        public bool TryRenew(long sequence, long askedAt)
        {
            lock (_gate)
            {
                if (_notice is not { } notice || notice.SoldOut.Sequence != sequence) return false;
                if (askedAt > notice.AskedAt) _notice = notice with { AskedAt = askedAt };
                return true;
            }
        }

        /// <summary>False while the event is being asked, and for a pause after that.</summary>
        public bool TryBeginAsking(long now)
        {
            var known = Interlocked.Read(ref _askAgainAt);
            return now >= known && Interlocked.CompareExchange(ref _askAgainAt, long.MaxValue, known) == known;
        }

        public void EndAsking(long askAgainAt) => Interlocked.Exchange(ref _askAgainAt, askAgainAt);
    }
}

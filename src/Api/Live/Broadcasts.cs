using System.Collections.Concurrent;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Live;

/// <summary>The events that somebody listens to at this front-end. Thousands of listeners to one event cost one look at it.</summary>
internal sealed class Broadcasts(RetryPolicy retry, IOptions<ApiOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Broadcast> _broadcasts = new(StringComparer.Ordinal);
    private int _listeners;

    /// <summary>Connections that listen, to whatever event.</summary>
    public int ListenerCount => Volatile.Read(ref _listeners);

    /// <summary>Events that somebody listens to.</summary>
    public int EventCount => _broadcasts.Count;

    public TimeProvider Time => time;

    public TimeSpan Period => options.Value.StreamPeriod;

    public TimeSpan Heartbeat => options.Value.StreamHeartbeat;

    /// <summary>Streams end at once when this process stops: their listeners come back to another.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Listens to an event, until <see cref="Leave"/>.</summary>
    /// <exception cref="BusyException">Too many listen.</exception>
    public Broadcast Join(string eventId)
    {
        if (Interlocked.Increment(ref _listeners) > options.Value.StreamListenersMax)
        {
            Interlocked.Decrement(ref _listeners);
            throw new BusyException("Too many listen at this front-end.");
        }
        // A broadcast ends in the moment when nobody listens: then a new one takes its place.
        while (true)
        {
            var one = _broadcasts.GetOrAdd(eventId, static (id, self) => new(self, id), this);
            if (one.TryJoin()) return one;
            Forget(eventId, one);
        }
    }

    public void Leave(Broadcast broadcast)
    {
        broadcast.Leave();
        Interlocked.Decrement(ref _listeners);
    }

    public void Forget(string eventId, Broadcast ended) => _broadcasts.TryRemove(new(eventId, ended));

    /// <summary>Asks the event; fails when it does not answer within <see cref="ApiOptions.ResponseTimeout"/>.</summary>
    public Task<EventStatus?> StatusAsync(string eventId) =>
        retry.AskAsync(eventId, grains => grains.TicketEvent(eventId).Status());
}

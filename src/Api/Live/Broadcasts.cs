using BoxOffice.Api.Collections;
using BoxOffice.Api.Routing;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Live;

/// <summary>
/// The events with listeners at this front-end. Thousands of listeners to one event cost one poll of it.
/// </summary>
internal sealed class Broadcasts
{
    private readonly ActiveMap<string, Broadcast> _broadcasts;
    private readonly RetryPolicy _retry;
    private readonly ApiOptions _options;
    private int _listeners;

    public Broadcasts(
        RetryPolicy retry, IOptions<ApiOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        _broadcasts = new(broadcast => new(this, broadcast));
        (_retry, _options, Stopping, Time) = (retry, options.Value, lifetime.ApplicationStopping, time);
    }

    /// <summary>Connections that listen, to all events.</summary>
    public int ListenerCount => Volatile.Read(ref _listeners);

    /// <summary>Events with listeners.</summary>
    public int EventCount => _broadcasts.Count;

    public TimeProvider Time { get; }

    public TimeSpan Period => _options.StreamPeriod;

    public TimeSpan Heartbeat => _options.StreamHeartbeat;

    /// <summary>Streams end at once when this process stops: their listeners reconnect to another front-end.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Listens to an event, until <see cref="Leave"/>.</summary>
    /// <exception cref="BusyException">Too many listen.</exception>
    public Broadcast Join(string eventId)
    {
        if (Interlocked.Increment(ref _listeners) > _options.StreamListenersMax)
        {
            Interlocked.Decrement(ref _listeners);
            throw new BusyException("Too many connections listen at this front-end.");
        }
        return _broadcasts.Use(eventId, 0, static (broadcast, _) => broadcast.Join());
    }

    public void Leave(Broadcast broadcast)
    {
        broadcast.Leave();
        Interlocked.Decrement(ref _listeners);
    }

    /// <summary>
    /// Asks the event; fails when it does not answer within <see cref="ApiOptions.ResponseTimeout"/>.
    /// </summary>
    public Task<EventStatus?> StatusAsync(string eventId) =>
        _retry.AskAsync(eventId, grains => grains.TicketEvent(eventId).Status());
}

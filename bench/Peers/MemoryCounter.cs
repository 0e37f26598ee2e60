using System.Collections.Concurrent;

namespace BoxOffice.Peers;

/// <summary>
/// e1: the token check, a counter in memory and the response of a real sale: the maximum that any peer can reach.
/// Stores nothing.
/// </summary>
internal sealed class MemoryCounter : IPeer
{
    private readonly ConcurrentDictionary<string, Event> _events = new(StringComparer.Ordinal);

    public Task OpenAsync(string eventId, int capacity)
    {
        _events[eventId] = new(capacity);
        return Task.CompletedTask;
    }

    public ValueTask<Sale> ReserveAsync(string eventId, string memberId) =>
        new(_events.TryGetValue(eventId, out var sale) ? Sale.Of(sale.Sell()) : Sale.EventNotFound);

    public Task<EventNumbers?> NumbersAsync(string eventId) =>
        Task.FromResult(_events.TryGetValue(eventId, out var sale) ? sale.Numbers() : null);

    private sealed class Event(int capacity)
    {
        private long _asked;

        /// <summary>The sequence, or 0.</summary>
        public long Sell() => Interlocked.Increment(ref _asked) is var sequence && sequence <= capacity ? sequence : 0;

        public EventNumbers Numbers()
        {
            var sold = Math.Min(Interlocked.Read(ref _asked), capacity);
            return new(capacity, capacity - sold, sold, Durable: false);
        }
    }
}

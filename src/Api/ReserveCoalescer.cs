using System.Collections.Concurrent;
using BoxOffice.Api.Silos;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api;

/// <summary>What the event decided about one call, and where the time went between the coalescer's door and back.</summary>
/// <param name="Answer">What it decided.</param>
/// <param name="Queue">Waiting for the call before, on the way, and for the event's turn.</param>
/// <param name="Turn">The event's turn.</param>
/// <param name="Store">Until it was durable.</param>
/// <param name="BatchCalls">How many calls went together, for the first of them; 0 for the others, and when none was made.</param>
public readonly record struct DecidedCall(
    ReserveResult Answer, TimeSpan Queue = default, TimeSpan Turn = default, TimeSpan Store = default, int BatchCalls = 0);

/// <summary>
/// Joins the calls that wait for one event into one grain call, and those of the events of one silo into one message
/// (<see cref="SiloDoor"/>). There is no timer: a call goes out at once when the event and its silo's door are idle, and what
/// arrives while calls are under way goes out together with the next. When a silo fails or is silent, what
/// has a key is asked again, because the event gives the first answer for it.
/// </summary>
public sealed class ReserveCoalescer
{
    private static readonly Task<DecidedCall> SoldOut = Task.FromResult(new DecidedCall(new(ReserveStatus.SoldOut)));

    // Five full queues (ApiOptions.CoalescerWaitingMax) within the three seconds for which a doubt lasts.
    private const int DoubtfulKeysMax = 100_000;

    private readonly ConcurrentDictionary<string, EventQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>Uses these ways to the events, and what is known of those that are sold out.</summary>
    public ReserveCoalescer(SiloLinks links, SoldOutLatches latches, IOptions<ApiOptions> options, TimeProvider time) =>
        (Links, Latches, Options, Time, Doubts) = (links, latches, options.Value, time, new(time, DoubtfulKeysMax));

    internal DoubtfulKeys Doubts { get; }

    internal SiloLinks Links { get; }

    internal SoldOutLatches Latches { get; }

    internal ApiOptions Options { get; }

    internal TimeProvider Time { get; }

    /// <summary>Events for which calls wait or are under way.</summary>
    public int EventCount => _queues.Count;

    /// <summary>Calls that wait, of all events, and for how long the oldest of them has.</summary>
    public (int Count, TimeSpan Oldest) Backlog()
    {
        var (count, oldest) = (0, TimeSpan.Zero);
        foreach (var queue in _queues.Values)
        {
            var (waiting, since) = queue.Backlog();
            count += waiting;
            if (since is { } moment && Time.GetElapsedTime(moment) is var age && age > oldest) oldest = age;
        }
        return (count, oldest);
    }

    /// <summary>
    /// The event's answer to one call. Fails with <see cref="BusyException"/> when too many wait, with
    /// <see cref="NotAppliedException"/> when it was not sent within <see cref="ApiOptions.ResponseTimeout"/>, and with what
    /// the grain call throws when it cannot be repeated, or no more in that time.
    /// </summary>
    public Task<DecidedCall> ReserveAsync(string eventId, in ReserveRequest request)
    {
        if (Latches.Refuses(eventId, request)) return SoldOut;
        var waiting = new WaitingCall(request, Time.GetTimestamp(), Doubts.UntilOf(eventId, request));
        // A queue ends in the moment when nobody waits: then a new one takes its place.
        while (!_queues.GetOrAdd(eventId, static (id, self) => new(self, id), this).TryAdd(waiting)) { }
        return waiting.Task;
    }

    internal void Forget(string eventId, EventQueue ended) => _queues.TryRemove(new(eventId, ended));
}

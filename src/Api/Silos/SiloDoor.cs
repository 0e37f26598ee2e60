using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace BoxOffice.Api.Silos;

/// <summary>
/// The way of reserve calls into one silo: one message at a time, with the calls of all its events that wait. There is no timer:
/// what comes while no message is under way goes out at once.
/// </summary>
/// <remarks>
/// 256 buyers at 1,000 events cost 77 µs of two cores for a sale when each event was asked by itself, and 49 to 65 so: a message costs
/// each side some 24 µs (bench/Measure -- peers --scenarios hot-256,events-1000). Two messages under way were not better than one.
/// </remarks>
/// <param name="grains">Makes references whose calls go to that silo.</param>
/// <param name="callsMax">Buyers' calls in a message, at which no further event gets into it: it bounds the message.</param>
/// <param name="time">The clock.</param>
public sealed class SiloDoor(IGrainFactory grains, int callsMax, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<Action<JoinedCall>> _waiting = new();
    private bool _isShut;

    /// <summary>Has an event put what it wants to ask into the next message, at once or soon.</summary>
    /// <param name="join">Puts it in before it returns, or nothing. Must not throw.</param>
    public void Enter(Action<JoinedCall> join)
    {
        lock (_gate)
        {
            _waiting.Enqueue(join);
            if (_isShut) return;
            _isShut = true;
        }
        _ = CallWhileWaitingAsync();
    }

    private async Task CallWhileWaitingAsync()
    {
        Activity.Current = null; // of whoever came first
        while (TryTakeOrOpen(out var join))
        {
            var call = new JoinedCall(grains);
            do join(call);
            while (call.Count < callsMax && TryTake(out join));
            // A silo that hangs keeps the door shut no longer than an event that does.
            await call.SendAsync().WaitAsync(ISiloDoorGrain.Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Requests that have arrived meanwhile get in line, and are not left for the message after.
            if (call.Count > 1) await Task.Yield();
        }
    }

    private bool TryTakeOrOpen([NotNullWhen(true)] out Action<JoinedCall>? join)
    {
        lock (_gate)
        {
            _isShut = _waiting.TryDequeue(out join);
            return _isShut;
        }
    }

    private bool TryTake([NotNullWhen(true)] out Action<JoinedCall>? join)
    {
        lock (_gate) return _waiting.TryDequeue(out join);
    }
}

using BoxOffice.Api.Reserving;
using BoxOffice.Api.Telemetry;

namespace BoxOffice.Api.Timing;

/// <summary>
/// Measures the stages of one reserve call, and reports them in the answer's header Server-Timing (W3C), in the event's
/// tally and in the metrics.
/// </summary>
/// <remarks>
/// The clock starts with the front-end's first line, when the request's head has been read, and stops when the answer
/// is about to be written. The edge's part is the rest beside the other stages, so the stages add up to the total.
/// </remarks>
internal sealed class ReserveTiming
{
    /// <summary>The name of the answer's header.</summary>
    public const string HeaderName = "Server-Timing";

    private readonly ReserveTallies _tallies;
    private readonly TimeProvider _time;
    private readonly string? _eventId;
    private readonly long _begunAt;
    private long _handedOverAt;
    private DecidedCall? _decided;

    private ReserveTiming(HttpContext context, ReserveTallies tallies, TimeProvider time)
    {
        _begunAt = time.GetTimestamp();
        (_tallies, _time) = (tallies, time);
        _eventId = context.GetRouteValue("eventId") as string; // an exception handler clears the route values
    }

    /// <summary>Marks the endpoint whose calls are measured.</summary>
    public sealed class Measured
    {
        /// <summary>The mark.</summary>
        public static readonly Measured Mark = new();
    }

    /// <summary>This request's; null when it is not measured.</summary>
    public static ReserveTiming? Of(HttpContext context) => context.Features.Get<ReserveTiming>();

    /// <summary>The call enters the coalescer.</summary>
    public void HandOver() => _handedOverAt = _time.GetTimestamp();

    /// <summary>The event has decided.</summary>
    public void Return(in DecidedCall decided) => _decided = decided;

    /// <summary>The answer is known: RESERVED, REPLAYED or a problem's code.</summary>
    public void Answer(HttpResponse response, string code)
    {
        var now = _time.GetTimestamp();
        var (queue, turn, store) = _decided is { } decided
            ? (Microseconds(decided.Queue), Microseconds(decided.Turn), Microseconds(decided.Store))
            // refused before the event was asked, or failed
            : (_handedOverAt == 0 ? 0 : Microseconds(_time.GetElapsedTime(_handedOverAt, now)), 0, 0);
        var total = Math.Max(Microseconds(_time.GetElapsedTime(_begunAt, now)), queue + turn + store);
        var times = new StageTimes(total - queue - turn - store, queue, turn, store, total);
        response.Headers[HeaderName] = times.ToString();
        _tallies.Count(_eventId, code, times, _decided);
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The first middleware.</summary>
    public sealed class Clock(ReserveTallies tallies, TimeProvider time)
    {
        /// <summary>Starts the clock of a call that is measured.</summary>
        public Task StartAsync(HttpContext context, RequestDelegate next)
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<Measured>() is not null)
                context.Features.Set(new ReserveTiming(context, tallies, time));
            return next(context);
        }
    }
}

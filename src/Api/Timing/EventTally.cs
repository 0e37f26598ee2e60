using System.Collections.Frozen;
using System.Numerics;
using BoxOffice.Api.Telemetry;

namespace BoxOffice.Api.Timing;

/// <summary>
/// Counts one event's reserve calls at this front-end, from many threads at once: each processor in a part of its own,
/// so that they do not wait for each other's caches.
/// </summary>
internal sealed class EventTally
{
    private const int PartsMax = 4; // 4 KB each, for each event

    private static readonly int PartMask =
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 1, PartsMax)) - 1;

    private readonly Part?[] _parts = new Part?[PartMask + 1];

    /// <summary>Calls counted so far.</summary>
    public long Calls => _parts.Sum(part => part?.Calls ?? 0);

    /// <summary>A call was answered.</summary>
    /// <param name="code">RESERVED, REPLAYED or a problem's code.</param>
    /// <param name="times">Where its time went.</param>
    /// <param name="batchCalls">Calls in the grain call that carried it, for the first of these; else 0.</param>
    public void Add(string code, in StageTimes times, int batchCalls)
    {
        ref var part = ref _parts[Thread.GetCurrentProcessorId() & PartMask];
        (Volatile.Read(ref part) ?? Begin(ref part)).Add(code, times, batchCalls);
    }

    /// <summary>Everything until now. A call that is being counted may be there in part.</summary>
    public ReserveTally Read() =>
        _parts.OfType<Part>().Aggregate(ReserveTally.None, (all, part) => all.Plus(part.Read()));

    private static Part Begin(ref Part? part) => Interlocked.CompareExchange(ref part, new(), null) ?? part!;

    private sealed class Part
    {
        // Every answer that a reserve call can get. Anything else is counted as the last.
        private static readonly string[] Codes =
        [
            "RESERVED", "REPLAYED", "EVENT_NOT_FOUND", "IDEMPOTENCY_MISMATCH", "INVALID_QUANTITY", "PAUSED", "NOT_OPEN",
            "CLOSED", "LIMIT_EXCEEDED", "SOLD_OUT", "ALL_HELD", "INSUFFICIENT", "CYCLING", "UNAUTHENTICATED",
            "RATE_LIMITED", "BUSY", "OUTCOME_UNKNOWN", "INVALID_IDEMPOTENCY_KEY", "INVALID_REQUEST",
            "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "INTERNAL_ERROR", "OTHER",
        ];

        private static readonly FrozenDictionary<string, int> IndexOfCode =
            Codes.Index().ToFrozenDictionary(code => code.Item, code => code.Index, StringComparer.Ordinal);

        private readonly DurationHistogram[] _stages =
            [.. Enumerable.Range(0, ReserveTally.StageCount).Select(_ => new DurationHistogram(DurationTally.Classes))];

        private readonly long[] _codes = new long[Codes.Length];
        private long _calls;
        private long _batches;
        private long _batchCalls;
        private long _batchMax;

        public long Calls => Interlocked.Read(ref _calls);

        public void Add(string code, in StageTimes times, int batchCalls)
        {
            // A call that a front-end refuses by itself has no other stages: those are counted when they are read.
            for (var stage = ReserveStage.Edge; stage <= ReserveStage.Total; stage++)
                if (times[stage] > 0) _stages[(int)stage].Add(times[stage]);
            Interlocked.Increment(ref _codes[IndexOfCode.GetValueOrDefault(code, Codes.Length - 1)]);
            if (batchCalls > 0)
            {
                Interlocked.Increment(ref _batches);
                Interlocked.Add(ref _batchCalls, batchCalls);
                DurationHistogram.Raise(ref _batchMax, batchCalls);
            }
            Interlocked.Increment(ref _calls); // last: what a report misses is news for the next
        }

        public ReserveTally Read()
        {
            var calls = Calls;
            return new(
                Array.ConvertAll(_stages, stage => Read(stage, calls)),
                Codes.Index().Where(code => _codes[code.Index] > 0)
                    .ToDictionary(code => code.Item, code => Interlocked.Read(ref _codes[code.Index])),
                Interlocked.Read(ref _batches), Interlocked.Read(ref _batchCalls),
                (int)Interlocked.Read(ref _batchMax));
        }

        private static DurationTally Read(DurationHistogram stage, long calls)
        {
            var counts = stage.Counts;
            counts[0] = Math.Max(0, calls - counts.Sum());
            return DurationTally.Of(counts, stage.Sum, stage.Max);
        }
    }
}

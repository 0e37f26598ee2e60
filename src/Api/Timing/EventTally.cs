using System.Collections.Frozen;
using System.Numerics;
using BoxOffice.Api.Telemetry;

namespace BoxOffice.Api.Timing;

/// <summary>
/// Counts one event's reserve calls at this front-end, from many threads at once: each processor in a part of its own, so that
/// they do not wait for each other's caches.
/// </summary>
internal sealed class EventTally
{
    private const int PartsMax = 4; // 4 KB each, for each event

    private static readonly int PartMask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 1, PartsMax)) - 1;

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

    /// <summary>Everything until now. A call that is counted in this moment may be there in part.</summary>
    public ReserveTally Read() => _parts.OfType<Part>().Aggregate(ReserveTally.None, (all, part) => all.Plus(part.Read()));

    private static Part Begin(ref Part? part) => Interlocked.CompareExchange(ref part, new(), null) ?? part!;

    private sealed class Part
    {
        // Every answer that a reserve call can get. Anything else is counted as the last.
        private static readonly string[] Codes =
        [
            "RESERVED", "REPLAYED", "EVENT_NOT_FOUND", "IDEMPOTENCY_MISMATCH", "INVALID_QUANTITY", "PAUSED", "NOT_OPEN", "CLOSED", "LIMIT_EXCEEDED",
            "SOLD_OUT", "ALL_HELD", "INSUFFICIENT", "CYCLING", "UNAUTHENTICATED", "RATE_LIMITED", "BUSY", "OUTCOME_UNKNOWN", "INVALID_IDEMPOTENCY_KEY",
            "INVALID_REQUEST", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "INTERNAL_ERROR", "OTHER",
        ];

        private static readonly FrozenDictionary<string, int> IndexOfCode =
            Codes.Index().ToFrozenDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);

        private readonly int[] _counts = new int[ReserveTally.StageCount * DurationTally.ClassCount];
        private readonly long[] _sums = new long[ReserveTally.StageCount];
        private readonly long[] _longest = new long[ReserveTally.StageCount];
        private readonly long[] _codes = new long[Codes.Length];
        private long _calls;
        private long _batches;
        private long _batchCalls;
        private long _batchMax;

        public long Calls => Interlocked.Read(ref _calls);

        public void Add(string code, in StageTimes times, int batchCalls)
        {
            for (var stage = ReserveStage.Edge; stage <= ReserveStage.Total; stage++) AddTime((int)stage, times[stage]);
            Interlocked.Increment(ref _codes[IndexOfCode.GetValueOrDefault(code, Codes.Length - 1)]);
            if (batchCalls > 0)
            {
                Interlocked.Increment(ref _batches);
                Interlocked.Add(ref _batchCalls, batchCalls);
                Raise(ref _batchMax, batchCalls);
            }
            Interlocked.Increment(ref _calls); // last, so that what is not in this report is news for the next
        }

        public ReserveTally Read()
        {
            var calls = Calls;
            return new(
                [.. Enumerable.Range(0, ReserveTally.StageCount).Select(stage => ReadTimes(stage, calls))],
                Codes.Index().Where(one => _codes[one.Index] > 0).ToDictionary(one => one.Item, one => Interlocked.Read(ref _codes[one.Index])),
                Interlocked.Read(ref _batches), Interlocked.Read(ref _batchCalls), (int)Interlocked.Read(ref _batchMax));
        }

        private void AddTime(int stage, long microseconds)
        {
            if (microseconds == 0) return; // what a front-end refuses by itself has no other stages: those calls are the rest
            Interlocked.Increment(ref _counts[(stage * DurationTally.ClassCount) + DurationTally.ClassOf(microseconds)]);
            Interlocked.Add(ref _sums[stage], microseconds);
            Raise(ref _longest[stage], microseconds);
        }

        private DurationTally ReadTimes(int stage, long calls)
        {
            Span<long> counts = stackalloc long[DurationTally.ClassCount];
            var counted = 0L;
            for (var i = 1; i < counts.Length; i++)
            {
                counts[i] = Volatile.Read(ref _counts[(stage * DurationTally.ClassCount) + i]);
                counted += counts[i];
            }
            counts[0] = Math.Max(0, calls - counted);
            return DurationTally.Of(counts, Interlocked.Read(ref _sums[stage]), Interlocked.Read(ref _longest[stage]));
        }

        private static void Raise(ref long place, long value)
        {
            var seen = Volatile.Read(ref place);
            while (value > seen)
            {
                var before = Interlocked.CompareExchange(ref place, value, seen);
                if (before == seen) return;
                seen = before;
            }
        }
    }
}

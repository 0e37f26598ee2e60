using System.Diagnostics;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>Counts a generator's requests and answers.</summary>
internal sealed class OfferTally
{
    private readonly DurationHistogram _latencies = new(OfferReport.Classes);
    private readonly long[] _statuses = new long[600];
    private readonly Dictionary<string, long> _codes = [];
    private long _start;
    private long _countFrom;
    private long _lastAnswer;
    private long _sent;
    private long _late;

    public long Failed { get; set; }

    public long GaveUp { get; set; }

    public long NotConnected { get; set; }

    /// <summary>Sets the start of sending, and the time from which latencies of due requests count.</summary>
    public void Begin(long start, long countFrom) => (_start, _lastAnswer, _countFrom) = (start, start, countFrom);

    public void Sent(long due)
    {
        _sent++;
        _late += Stopwatch.GetTimestamp() - due;
    }

    public void Answered(long due, Answer answer, ReadOnlySpan<byte> bytes)
    {
        _lastAnswer = Stopwatch.GetTimestamp();
        _statuses[Math.Clamp(answer.Status, 0, _statuses.Length - 1)]++;
        var isAccepted = answer.Status is >= 200 and < 300;
        if (isAccepted && due >= _countFrom) _latencies.Add(Microseconds(_lastAnswer - due));
        if (!isAccepted && Answer.CodeOf(bytes) is { } code) _codes[code] = _codes.GetValueOrDefault(code) + 1;
    }

    public OfferReport Report(long unanswered, long notConnected) => new(
        _sent, GaveUp, NotConnected + notConnected, Failed, unanswered,
        Enumerable.Range(0, _statuses.Length)
            .Where(status => _statuses[status] > 0).ToDictionary(status => status, status => _statuses[status]),
        _codes, Stopwatch.GetElapsedTime(_start, _lastAnswer).TotalSeconds,
        _latencies.Counts, _latencies.Max, _latencies.Sum, Microseconds(_late));

    private static long Microseconds(long ticks) => (long)Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds;
}

using System.Diagnostics;

namespace BoxOffice.Measure.Comparison;

/// <summary>Measures what a contestant uses of the machine while a generator works.</summary>
internal sealed class Meter
{
    private const string Generator = "generator";

    private readonly Contestant _contestant;
    private readonly Dictionary<string, TimeSpan> _before;
    private readonly double? _logBefore;
    private readonly TimeSpan _idleBefore = ProcessorTime.Idle();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private Meter(Contestant contestant, double? logBefore)
    {
        (_contestant, _logBefore) = (contestant, logBefore);
        _before = Now();
    }

    public static async Task<Meter> StartAsync(Contestant contestant) =>
        new(contestant, contestant.Log is { } log ? await log.BytesAsync() : null);

    /// <summary>
    /// Ends the measurement. The returned function divides the costs by a number of reservations, and adds the idle
    /// time of the cores.
    /// </summary>
    public async Task<Func<long, Dictionary<string, double>>> StopAsync()
    {
        var idle = (ProcessorTime.Idle() - _idleBefore) / _clock.Elapsed / ProcessorTime.CountCores();
        var spent = Now().ToDictionary(
            group => group.Key, group => (group.Value - _before[group.Key]).TotalMicroseconds);
        var written = _contestant.Log is { } log ? await log.BytesAsync() - _logBefore : null;
        return reservations =>
        {
            if (reservations == 0) return [];
            var each = spent.ToDictionary(group => Figure.ProcessorOf + group.Key, group => group.Value / reservations);
            var all = spent.Where(group => group.Key != Generator).Sum(group => group.Value);
            each[Figure.Processor] = all / reservations;
            each[Figure.Idle] = 100 * idle;
            if (written is { } bytes) each[Figure.LogBytes] = bytes / reservations;
            return each;
        };
    }

    private Dictionary<string, TimeSpan> Now()
    {
        var now = _contestant.Processes.ToDictionary(group => group.Name, group => ProcessorTime.Of(group.Ids));
        now[Generator] = ProcessorTime.OfEndedChildren(); // generators have ended before the meter stops
        return now;
    }
}

using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Notices within seconds that another database took the place of the one that sold, and checks which events lost
/// entries that were acknowledged: a failover to a standby that lacked commits, or a restore. It also reports when
/// nothing was lost.
/// </summary>
public sealed partial class JournalWatch(
    IJournalHealth health, KnownHeads known, TimeProvider time, ILogger<JournalWatch> logger) : BackgroundService
{
    // The promise is five seconds. A failed check is repeated soon: one that finds a broken connection in the pool must
    // not cost two seconds more, for the identity and again for the entries.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PeriodAfterFailure = TimeSpan.FromMilliseconds(500);

    private const int PartSize = 5_000; // events in one query: some milliseconds
    private const int NamedMax = 5; // events in a log line

    private DatabaseIdentity? _seen;
    private bool _isChecked = true;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await CheckAsync();
                timer.Period = Period;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotRead(e.Message); // the database is unreachable; the next check compares with the last identity
                timer.Period = PeriodAfterFailure;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task CheckAsync()
    {
        if (await health.IdentityAsync() is not { } now) return; // an embedded store has no other
        if (_seen is { } before && now != before)
        {
            _isChecked = false;
            LogChanged(before, now);
        }
        _seen = now;
        if (_isChecked) return;
        await CheckHeadsAsync();
        _isChecked = true;
    }

    private async Task CheckHeadsAsync()
    {
        var (lost, total) = (new List<string>(), 0);
        foreach (var part in known.InParts(PartSize))
        {
            total += part.Length;
            var sequences = part.ToDictionary(StringComparer.Ordinal);
            foreach (var eventId in await health.MissingAsync(part))
            {
                if (!known.MayReport(eventId, sequences[eventId].Sequence)) continue; // its owner has reported it
                SaleMetrics.Failed(EventFailure.WentBack);
                lost.Add(eventId);
            }
        }
        var named = string.Join(", ", lost.Take(NamedMax));
        if (lost.Count == 0) LogNothingLost(total);
        else LogWentBack(lost.Count, total, named);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The database went back: {Count} of {Total} events lost "
        + "entries that were acknowledged, among them {Events}. It is a standby that lacked commits, or was restored. "
        + "These events continue from what the journal has, and tickets that were acknowledged after that may be sold "
        + "again. Pause them, and compare with your lists")]
    private partial void LogWentBack(int count, int total, string events);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another database server answers, or it was restarted: "
        + "{Before} became {Now}. The silo checks whether entries that were acknowledged are missing")]
    private partial void LogChanged(DatabaseIdentity before, DatabaseIdentity now);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No entry is missing in the {Total} events that this silo "
        + "knows")]
    private partial void LogNothingLost(int total);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The database's identity could not be read: {Cause}")]
    private partial void LogNotRead(string cause);
}

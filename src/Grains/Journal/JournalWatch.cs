using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// Notices within seconds that another database took the place of the one that sold, and looks which events lost entries that
/// were acknowledged: a failover to a standby that lacked commits, or a restore. A database that lost nothing is a line of its own.
/// </summary>
public sealed partial class JournalWatch(
    IJournalHealth health, KnownHeads known, TimeProvider time, ILogger<JournalWatch> logger) : BackgroundService
{
    // The promise is five seconds. A look that failed is repeated soon: one that finds a broken connection in the pool must not
    // cost two seconds more, for the identity and again for the entries.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PeriodAfterFailure = TimeSpan.FromMilliseconds(500);

    private const int PartSize = 5_000; // events in one query: some milliseconds
    private const int NamedMax = 5; // events in a line

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
                await LookAsync();
                timer.Period = Period;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotRead(e.Message); // a database that is away; the next look compares with what was seen last
                timer.Period = PeriodAfterFailure;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task LookAsync()
    {
        if (await health.IdentityAsync() is not { } now) return; // an embedded store has no other
        if (_seen is { } before && now != before)
        {
            _isChecked = false;
            LogChanged(before, now);
        }
        _seen = now;
        if (_isChecked) return;
        await CheckAsync();
        _isChecked = true;
    }

    private async Task CheckAsync()
    {
        var (lost, looked) = (new List<string>(), 0);
        foreach (var part in known.InParts(PartSize))
        {
            looked += part.Length;
            var sequences = part.ToDictionary(StringComparer.Ordinal);
            foreach (var eventId in await health.MissingAsync(part))
            {
                if (!known.MayTell(eventId, sequences[eventId].Sequence)) continue; // its owner has told it
                SaleMetrics.Failed(EventFailure.WentBack);
                lost.Add(eventId);
            }
        }
        var named = string.Join(", ", lost.Take(NamedMax));
        if (lost.Count == 0) LogNothingLost(looked);
        else LogWentBack(lost.Count, looked, named);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The database went back: {Count} of {Looked} events lost entries that were acknowledged, among them {Events}. "
        + "It is a standby that lacked commits, or was restored. These events go on from what the journal has, and tickets that were "
        + "acknowledged after that may be sold again. Pause them, and compare with your lists")]
    private partial void LogWentBack(int count, int looked, string events);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another database server answers, or it was started again: {Before} became {Now}. "
        + "The silo looks whether entries are missing that were acknowledged")]
    private partial void LogChanged(DatabaseIdentity before, DatabaseIdentity now);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No entry is missing in the {Looked} events that this silo knows")]
    private partial void LogNothingLost(int looked);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The database did not say which one it is: {Cause}")]
    private partial void LogNotRead(string cause);
}

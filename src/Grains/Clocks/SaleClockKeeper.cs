using BoxOffice.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Clocks;

/// <summary>Reads the source of the sale's clock every second, and reports when it cannot be believed.</summary>
public sealed partial class SaleClockKeeper(
    SaleClock clock, IClockSource source, ILogger<SaleClockKeeper> logger) : BackgroundService
{
    // The delay until a step, or a machine's suspension, is noticed; the promise for holds is two seconds.
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A publication is withdrawn when a reading takes longer.
    internal static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    private bool _isRead = true;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var held = source;
        SaleMetrics.ClockError(clock.Error);
        using var timer = new PeriodicTimer(Period, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            stop.CancelAfter(AnswerMax);
            try
            {
                Report(clock.Observe(await source.ReadAsync(stop.Token)));
                await source.TellAsync(clock.Found, stop.Token);
                _isRead = true;
            }
            catch (Exception e) // of any kind: the sale continues without the source
            {
                if (_isRead && !stoppingToken.IsCancellationRequested) LogNotRead(e); // the steady clock continues
                _isRead = false;
            }
        }
    }

    private void Report(ClockChange change)
    {
        SaleMetrics.ClockError(clock.Error);
        switch (change)
        {
            case ClockChange.StepBegan: LogStep(clock.Error); break;
            case ClockChange.StepBelieved: LogBelieved(clock.Error); break;
            case ClockChange.StepOver: LogOver(clock.Error); break;
            case ClockChange.CaughtUp: LogCaughtUp(); break;
            default: break;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The clock that sales depend on moved by {Error} at once: it "
        + "is not believed, and holds live as long as promised. Sales that open or close at a set time do so by the "
        + "time before. Correct the clock of the database's machine (embedded: of this machine)")]
    private partial void LogStep(TimeSpan error);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The clock that sales depend on has stayed {Error} away: it "
        + "is followed now, by three seconds a minute. Holds may end early or late by a twentieth of their time. To "
        + "follow at once, restart all processes together")]
    private partial void LogBelieved(TimeSpan error);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The clock that sales depend on is right again, to {Error}: "
        + "no action is needed")]
    private partial void LogOver(TimeSpan error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock of this process was behind the others: it adopted "
        + "their time. No action is needed")]
    private partial void LogCaughtUp();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database's clock could not be read. The sale's clock "
        + "continues by this machine's steady clock")]
    private partial void LogNotRead(Exception exception);
}

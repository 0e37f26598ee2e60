using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BoxOffice.Grains;

/// <summary>
/// The clock of a cluster: the database's, read now and then, and carried on by this process's own steady clock. A silo whose
/// wall clock is wrong would otherwise let holds end early, and every later owner would inherit its time.
/// </summary>
public sealed class DatabaseClock : TimeProvider
{
    private const int Readings = 3;

    private Anchor _anchor;

    private DatabaseClock(Anchor anchor) => _anchor = anchor;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var anchor = Volatile.Read(ref _anchor);
        return anchor.UtcNow + GetElapsedTime(anchor.Timestamp);
    }

    /// <summary>A clock that shows the database's time.</summary>
    public static async Task<DatabaseClock> ReadAsync(NpgsqlDataSource database, CancellationToken stop = default) =>
        new(await AskAsync(database, stop));

    /// <summary>Reads the database's time again.</summary>
    /// <returns>How far this clock had gone wrong.</returns>
    public async Task<TimeSpan> CorrectAsync(NpgsqlDataSource database, CancellationToken stop = default)
    {
        var anchor = await AskAsync(database, stop);
        var error = GetUtcNow() - (anchor.UtcNow + GetElapsedTime(anchor.Timestamp));
        Volatile.Write(ref _anchor, anchor);
        return error;
    }

    /// <summary>The quickest of a few readings: the database read its clock in the middle of it, give or take half of that.</summary>
    private static async Task<Anchor> AskAsync(NpgsqlDataSource database, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        Anchor? best = null;
        var quickest = TimeSpan.MaxValue;
        for (var i = 0; i < Readings; i++)
        {
            var start = System.GetTimestamp();
            var utcNow = (DateTime)(await command.ExecuteScalarAsync(stop))!;
            var end = System.GetTimestamp();
            var took = System.GetElapsedTime(start, end);
            if (took >= quickest) continue;
            quickest = took;
            best = new(new DateTimeOffset(utcNow, TimeSpan.Zero) + (took / 2), end);
        }
        return best!;
    }

    private sealed record Anchor(DateTimeOffset UtcNow, long Timestamp);
}

/// <summary>Corrects the cluster's clock from time to time.</summary>
public sealed partial class DatabaseClockKeeper(DatabaseClock clock, string connectionString, ILogger<DatabaseClockKeeper> logger)
    : BackgroundService
{
    // A quartz clock loses or gains some milliseconds in that time.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Noteworthy = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        using var timer = new PeriodicTimer(Period, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var error = await clock.CorrectAsync(database, stoppingToken);
                if (error.Duration() > Noteworthy) LogCorrected(error);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                LogNotRead(e); // the steady clock goes on
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster's clock was wrong by {Error}: the database's clock was set, or this process stood still")]
    private partial void LogCorrected(TimeSpan error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database's clock could not be read")]
    private partial void LogNotRead(Exception exception);
}

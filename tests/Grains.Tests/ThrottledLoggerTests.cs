using BoxOffice.Grains.Hosting;
using BoxOffice.Grains.Tests.Store;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BoxOffice.Grains.Tests;

/// <summary>
/// A thousand callers with the same failure cause a few log lines, and no critical line is held back.
/// </summary>
public sealed partial class ThrottledLoggerTests
{
    private readonly TimerTime _time = new();
    private readonly List<string> _lines = [];
    private readonly ThrottledLogger _logger;

    public ThrottledLoggerTests() => _logger = new(new Recorder(_lines), _time);

    [Fact]
    public void Of_one_kind_three_lines_are_written_and_the_rest_is_counted_at_the_end_of_the_period()
    {
        for (var i = 1; i <= 100; i++) Failed(_logger, i);
        Assert.Equal(["Warning Event 1 failed", "Warning Event 2 failed", "Warning Event 3 failed"], _lines);

        _time.Advance(ThrottledLoggerFactory.Period);

        Assert.Equal("Warning Event 100 failed [97 like this in 5 s]", _lines[3]);
        Assert.Equal(4, _lines.Count);
    }

    [Fact]
    public void A_lasting_failure_is_one_line_in_each_period()
    {
        for (var period = 0; period < 10; period++)
        {
            for (var i = 0; i < 1_000; i++) Failed(_logger, i);
            _time.Advance(ThrottledLoggerFactory.Period);
        }

        Assert.Equal(3 + 10, _lines.Count);
    }

    [Fact]
    public void After_a_quiet_period_the_next_is_written_at_once_again()
    {
        for (var i = 0; i < 4; i++) Failed(_logger, i);
        _time.Advance(2 * ThrottledLoggerFactory.Period);
        _lines.Clear();

        Failed(_logger, 5);

        Assert.Equal(["Warning Event 5 failed"], _lines);
    }

    [Fact]
    public void Another_kind_is_not_held_back()
    {
        for (var i = 0; i < 100; i++) Failed(_logger, i);

        NotReached(_logger);

        Assert.Equal("Warning The journal cannot be reached", _lines[^1]);
    }

    [Fact]
    public void Critical_lines_and_those_below_a_warning_all_pass()
    {
        for (var i = 0; i < 100; i++)
        {
            Broken(_logger, i);
            Well(_logger, i);
        }

        Assert.Equal(200, _lines.Count);
    }

    [Fact]
    public void A_classified_failure_is_logged_without_a_stack()
    {
        var failure = new InvalidOperationException(
            "outer", new PostgresException("full", "ERROR", "ERROR", PostgresErrorCodes.DiskFull));

        AppendFailed(_logger, failure);
        AppendFailed(_logger, new InvalidOperationException("a defect"));

        Assert.Equal(
            [
                "Error An append failed (the database: the disk is full)",
                "Error An append failed InvalidOperationException",
            ],
            _lines);
    }

    [Fact]
    public void Lines_that_are_only_a_value_are_kinds_of_their_own()
    {
        for (var i = 0; i < 10; i++) Warn(_logger, $"warning {i}");

        Assert.Equal(10, _lines.Count);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId} failed")]
    private static partial void Failed(ILogger logger, int eventId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be reached")]
    private static partial void NotReached(ILogger logger);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Event {EventId} is broken")]
    private static partial void Broken(ILogger logger, int eventId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Event {EventId} is well")]
    private static partial void Well(ILogger logger, int eventId);

    [LoggerMessage(Level = LogLevel.Error, Message = "An append failed")]
    private static partial void AppendFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private static partial void Warn(ILogger logger, string warning);

    private sealed class Recorder(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter) =>
            lines.Add(
                $"{logLevel} {formatter(state, exception)}{(exception is null ? "" : " " + exception.GetType().Name)}");
    }
}

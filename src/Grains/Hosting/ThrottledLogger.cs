using System.Collections.Concurrent;
using BoxOffice.Grains.Journal;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// The log of one category, with at most <see cref="ThrottledLoggerFactory.LinesMax"/> lines of one kind in a period,
/// and their count.
/// </summary>
internal sealed class ThrottledLogger(ILogger inner, TimeProvider time) : ILogger
{
    // A kind is a place in the code and a type of exception: a program has some hundreds.
    private const int KindsMax = 1_000;

    private readonly ConcurrentDictionary<Kind, Count> _counts = new();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (logLevel is not (LogLevel.Warning or LogLevel.Error))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }
        if (!inner.IsEnabled(logLevel)) return;
        var cause = StoreFailure.NameOf(exception);
        var kind = new Kind(logLevel, eventId.Id, FormatOf(state), cause ?? exception?.GetType().FullName);
        if (_counts.Count >= KindsMax) _counts.Clear();
        var count = _counts.GetOrAdd(kind, _ => new());
        lock (count)
        {
            if (count.Lines < ThrottledLoggerFactory.LinesMax)
            {
                if (count.Lines++ == 0) count.Begin(time, () => End(count));
                Write(held: 0);
                return;
            }
            count.Held++;
            var text = formatter(state, cause is null ? exception : null); // now: the state may change later
            count.Last = held =>
                inner.Log(logLevel, eventId, state, cause is null ? exception : null, (_, _) => TextOf(text, held));
        }

        void Write(int held) => inner.Log(logLevel, eventId, state, cause is null ? exception : null, (state, shown) =>
            TextOf(formatter(state, shown), held));

        string TextOf(string text, int held)
        {
            if (cause is not null) text += $" (the database: {cause})";
            return held == 0 ? text : $"{text} [{held} like this in {ThrottledLoggerFactory.Period.TotalSeconds} s]";
        }
    }

    /// <summary>
    /// Ends a period: logs how many lines were held back. The next period begins with the next line, or at once.
    /// </summary>
    private void End(Count count)
    {
        lock (count)
        {
            var (held, last) = (count.Held, count.Last);
            count.Begin(null, null);
            if (held == 0) return;
            // Lines keep coming: the line with the count is the only one of the next period.
            count.Lines = ThrottledLoggerFactory.LinesMax;
            count.Begin(time, () => End(count));
            last!(held);
        }
    }

    /// <summary>The message template; for a template that is only a placeholder, the text.</summary>
    private static string? FormatOf<TState>(TState state) =>
        state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } values
            && values[^1] is { Key: "{OriginalFormat}", Value: string format }
            && format.IndexOf('}', StringComparison.Ordinal) != format.Length - 1
            ? format
            : state?.ToString();

    private readonly record struct Kind(LogLevel Level, int Id, string? Format, string? Cause);

    private sealed class Count
    {
        private ITimer? _timer;

        public int Lines { get; set; }

        public int Held { get; set; }

        public Action<int>? Last { get; set; }

        /// <summary>Begins a period, or only ends the last one.</summary>
        public void Begin(TimeProvider? time, Action? end)
        {
            _timer?.Dispose();
            _timer = time?.CreateTimer(_ => end!(), null, ThrottledLoggerFactory.Period, Timeout.InfiniteTimeSpan);
            (Held, Last) = (0, null);
            if (time is null) Lines = 0;
        }
    }
}

using System.Threading.Channels;

namespace BoxOffice.Grains.Tests.Grain;

/// <summary>Time that passes when the test says so, also for timers.</summary>
internal sealed class RestingTime : TimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<(TimeSpan Wait, Action End)> _rests = Channel.CreateUnbounded<(TimeSpan, Action)>();

    private Action _endRest = () => { };
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Pass(TimeSpan time) => _ticks += time.Ticks;

    /// <summary>Waits until a pause begins, and returns its length.</summary>
    public async Task<TimeSpan> RestAsync()
    {
        (var wait, _endRest) = await _rests.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        return wait;
    }

    public void EndRest() => _endRest();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _rests.Writer.TryWrite((dueTime, () => callback(state)));
        return new Due();
    }

    private sealed class Due : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}

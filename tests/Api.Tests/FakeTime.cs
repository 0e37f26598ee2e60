using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>A clock that stands still until a test moves it, from the due time of one timer to the next.</summary>
internal sealed class FakeTime : FakeTimeProvider
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WithoutTimer = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<TrackedTimer, DateTimeOffset> _due = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new TrackedTimer(this);
        timer.Start(base.CreateTimer(_ =>
        {
            timer.Fired();
            callback(state);
        }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Advances the time until a task ends; fails when it does not within a minute of that time.</summary>
    public async Task<T> UntilAsync<T>(Task<T> task)
    {
        var begin = GetUtcNow();
        await SettleAsync();
        while (!task.IsCompleted)
        {
            Assert.True(GetUtcNow() - begin < Most, "It did not end within a minute.");
            Advance(NextStep());
            await SettleAsync();
        }
        return await task;
    }

    /// <summary>Advances the time, and lets the continuations of each timer run.</summary>
    public async Task PassAsync(TimeSpan length)
    {
        await SettleAsync();
        for (var end = GetUtcNow() + length; end > GetUtcNow();)
        {
            var (rest, step) = (end - GetUtcNow(), NextStep());
            Advance(rest < step ? rest : step);
            await SettleAsync();
        }
    }

    /// <summary>Lets all continuations run that can run now, also on a busy machine.</summary>
    public static async Task SettleAsync()
    {
        await Task.Delay(1); // work that a thread has taken off the queue is not counted below
        await YieldAsync();
    }

    /// <summary>
    /// The same, cheaper, for tests with many steps that do not depend on the order of continuations.
    /// </summary>
    public static async Task YieldAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            await Task.Yield();
            for (var pending = 0; pending < 1_000 && ThreadPool.PendingWorkItemCount > 0; pending++) await Task.Yield();
        }
    }

    private TimeSpan NextStep()
    {
        var next = _due.IsEmpty ? DateTimeOffset.MaxValue : _due.Values.Min();
        return next == DateTimeOffset.MaxValue ? WithoutTimer
            : next > GetUtcNow() ? next - GetUtcNow()
            : TimeSpan.FromTicks(1);
    }

    /// <summary>A timer whose due time the clock knows.</summary>
    private sealed class TrackedTimer(FakeTime clock) : ITimer
    {
        private ITimer? _timer;
        private TimeSpan _period;

        public void Start(ITimer timer) => _timer = timer;

        public void Fired()
        {
            if (_period > TimeSpan.Zero) clock._due[this] = clock.GetUtcNow() + _period;
            else clock._due.TryRemove(this, out _);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            if (dueTime < TimeSpan.Zero) clock._due.TryRemove(this, out _);
            else clock._due[this] = clock.GetUtcNow() + dueTime;
            return _timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            clock._due.TryRemove(this, out _);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

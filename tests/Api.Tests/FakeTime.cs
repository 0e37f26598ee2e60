using Microsoft.Extensions.Time.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>Helpers for a fake clock.</summary>
internal static class FakeTime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Advances the time in small steps until a task ends; fails when it does not within a minute of that time.
    /// </summary>
    public static async Task<T> UntilAsync<T>(this FakeTimeProvider time, Task<T> task)
    {
        for (var i = 0; !task.IsCompleted; i++)
        {
            Assert.True(i < TimeSpan.FromMinutes(1) / Step, "It did not end within a minute.");
            await SettleAsync();
            if (!task.IsCompleted) time.Advance(Step);
        }
        return await task;
    }

    /// <summary>Advances the time in small steps, and lets the continuations of each run.</summary>
    public static async Task PassAsync(this FakeTimeProvider time, TimeSpan length)
    {
        for (var rest = length; rest > TimeSpan.Zero; rest -= Step)
        {
            await SettleAsync();
            time.Advance(rest < Step ? rest : Step);
        }
        await SettleAsync();
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
}

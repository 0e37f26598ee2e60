using Microsoft.Extensions.Time.Testing;

namespace BoxOffice.Api.Tests;

/// <summary>Time that passes only when a test lets it.</summary>
internal static class FakeTime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Lets time pass in small steps until a task ends; fails when it does not within a minute of that time.</summary>
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

    /// <summary>Lets so much time pass, in small steps, and what follows from each happen.</summary>
    public static async Task PassAsync(this FakeTimeProvider time, TimeSpan length)
    {
        for (var rest = length; rest > TimeSpan.Zero; rest -= Step)
        {
            await SettleAsync();
            time.Advance(rest < Step ? rest : Step);
        }
        await SettleAsync();
    }

    /// <summary>Lets whatever can happen now happen, on a busy machine too.</summary>
    public static async Task SettleAsync()
    {
        await Task.Delay(1); // a thread that has taken its work off the queue is not counted below
        await YieldAsync();
    }

    /// <summary>The same, cheaper and for the many steps of a long test that judges whatever has happened by then.</summary>
    public static async Task YieldAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            await Task.Yield();
            for (var pending = 0; pending < 1_000 && ThreadPool.PendingWorkItemCount > 0; pending++) await Task.Yield();
        }
    }
}

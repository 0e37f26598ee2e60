using System.Diagnostics;

namespace BoxOffice.Testing;

/// <summary>Polls a condition until it is true; throws with its description after a timeout.</summary>
public static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task UntilAsync(string what, Func<Task<bool>> isTrue, TimeSpan? patience = null)
    {
        var limit = patience ?? TimeSpan.FromSeconds(30);
        var clock = Stopwatch.StartNew();
        while (!await isTrue())
        {
            if (clock.Elapsed > limit) throw new TimeoutException($"Not within {limit}: {what}");
            await Task.Delay(Pause);
        }
    }
}

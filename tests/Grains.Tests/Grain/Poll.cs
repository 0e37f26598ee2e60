namespace BoxOffice.Grains.Tests.Grain;

/// <summary>Waits until a condition holds; fails after 20 seconds.</summary>
internal static class Poll
{
    public static Task UntilAsync(Func<bool> isTrue) => UntilAsync(() => Task.FromResult(isTrue()));

    public static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isTrue()) await Task.Delay(10, limit.Token);
    }
}

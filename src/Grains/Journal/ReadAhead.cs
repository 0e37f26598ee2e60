using System.Runtime.CompilerServices;

namespace BoxOffice.Grains.Journal;

/// <summary>Reads the next page on the thread pool while the last one is replayed: a replay uses two cores.</summary>
internal static class ReadAhead
{
    public static async IAsyncEnumerable<T> OnePageAheadAsync<T>(
        this IAsyncEnumerable<T> pages, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await using var reader = pages.GetAsyncEnumerator(stop);
        var next = MoveNextOnThreadPoolAsync(reader);
        try
        {
            while (await next)
            {
                var page = reader.Current;
                next = MoveNextOnThreadPoolAsync(reader);
                yield return page;
            }
        }
        finally
        {
            // A reader must not be disposed of while it reads; its result is not needed any more.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> MoveNextOnThreadPoolAsync<T>(IAsyncEnumerator<T> reader)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await reader.MoveNextAsync().ConfigureAwait(false);
    }
}

using System.Runtime.CompilerServices;

namespace BoxOffice.Grains.Journal;

/// <summary>Reads the next page on the thread pool while the last one is replayed: an activation uses two cores.</summary>
internal static class ReadAhead
{
    public static async IAsyncEnumerable<T> OnePageAheadAsync<T>(
        this IAsyncEnumerable<T> pages, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await using var reader = pages.GetAsyncEnumerator(stop);
        var next = MoveNextElsewhereAsync(reader);
        try
        {
            while (await next)
            {
                var page = reader.Current;
                next = MoveNextElsewhereAsync(reader);
                yield return page;
            }
        }
        finally
        {
            // A reader must not be disposed of while it reads; what it finds now is nobody's business any more.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> MoveNextElsewhereAsync<T>(IAsyncEnumerator<T> reader)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await reader.MoveNextAsync().ConfigureAwait(false);
    }
}

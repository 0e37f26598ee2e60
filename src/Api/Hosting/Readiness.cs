using BoxOffice.Api.Routing;
using BoxOffice.Grains.Journal;

namespace BoxOffice.Api.Hosting;

/// <summary>Whether this front-end should get requests.</summary>
internal sealed class Readiness(Router router, GracefulShutdown draining, TimeProvider time)
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1); // all probes of a second share one ping

    private readonly Lock _gate = new();
    private Task<string?> _check = Task.FromResult<string?>(null);
    private long? _checkedAt;

    /// <summary>Null when ready; else the reason, in a few words.</summary>
    public Task<string?> CheckAsync()
    {
        if (draining.HasBegun) return Task.FromResult<string?>("draining");
        lock (_gate)
        {
            if (_check.IsCompleted && (_checkedAt is not { } at || time.GetElapsedTime(at) > Kept))
                (_check, _checkedAt) = (PingAsync(), time.GetTimestamp());
            return _check;
        }
    }

    /// <summary>One silo that answers is enough: a front-end is ready although some silos hang.</summary>
    private async Task<string?> PingAsync()
    {
        try
        {
            var pings = router.All.Select(silo => silo.Grains.GetGrain<IJournalGrain>(0).Ping()).ToList();
            if (pings.Count == 0) return "no silo can be reached";
            await FirstSuccessAsync(pings).WaitAsync(AnswerMax, time);
            return null;
        }
        // The answer is public: it has the failure's name only, and the silo's log has the rest.
        catch (NotAppliedException e) when (e.Message != StoreFailure.NotReached && StoreFailure.IsName(e.Message))
        {
            return $"the journal cannot be written: {e.Message}";
        }
        catch (Exception)
        {
            return "the journal cannot be reached";
        }
    }

    private static async Task FirstSuccessAsync(List<Task<bool>> pings)
    {
        while (true)
        {
            var first = await Task.WhenAny(pings);
            if (first.IsCompletedSuccessfully) return;
            pings.Remove(first);
            if (pings.Count == 0) await first;
        }
    }
}

using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Faults of front-ends.</summary>
internal static class FrontEndFaults
{
    /// <summary>
    /// A front-end is killed while buyers wait for its answers, the others go on, and it is restarted.
    /// </summary>
    public static async Task KillAsync(Night night)
    {
        var frontEnd = night.Cluster.FrontEnds[night.Next(night.Cluster.FrontEnds.Count)];
        var since = night.History.Now;
        await frontEnd.KillAsync();
        await night.HasAnsweredAsync("a buyer lost the connection", operation => operation.CompletedAt > since
            && operation.Call.FrontEnd == frontEnd.Url.Authority
            && operation.Answer?.Code is "CONNECTION_BROKEN" or "NOT_CONNECTED");
        await night.Crowd.DecidedAsync(500);
        await frontEnd.StartAsync();
        await Wait.UntilAsync("the front-end is ready", frontEnd.IsReadyAsync);
        since = night.History.Now;
        await night.HasAnsweredAsync("the front-end sells", operation =>
            operation.IsOk && operation.InvokedAt > since && operation.Call.FrontEnd == frontEnd.Url.Authority);
    }
}

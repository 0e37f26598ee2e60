using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>What can become of front-ends.</summary>
internal static class FrontEndFaults
{
    /// <summary>A front-end is killed while buyers wait for its answers, the others go on, and it comes back.</summary>
    public static async Task KillAsync(Night night)
    {
        var frontEnd = night.Cluster.FrontEnds[night.Next(night.Cluster.FrontEnds.Count)];
        var since = night.History.Now;
        await frontEnd.KillAsync();
        await night.WasToldAsync("a buyer lost the connection", one => one.CompletedAt > since
            && one.Call.FrontEnd == frontEnd.Url.Authority && one.Answer?.Code is "CONNECTION_BROKEN" or "NOT_CONNECTED");
        await night.Crowd.DecidedAsync(500);
        await frontEnd.StartAsync();
        await Wait.UntilAsync("it is ready", frontEnd.IsReadyAsync);
        since = night.History.Now;
        await night.WasToldAsync("it sells", one => one.IsOk && one.InvokedAt > since && one.Call.FrontEnd == frontEnd.Url.Authority);
    }
}

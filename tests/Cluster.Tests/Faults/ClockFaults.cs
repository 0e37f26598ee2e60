using System.Net;
using System.Text.Json;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>What can become of clocks: somebody sets one by 2 s, a minute, an hour or a day, forth or back.</summary>
internal static class ClockFaults
{
    private const int Busy = 500; // decisions

    // Longer than the shortest holds of a night, so that some end while the clock is wrong.
    private static readonly TimeSpan WrongFor = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan[] Steps =
        [TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1)];

    /// <summary>The database's clock steps, the front-ends say so, and it steps back after some seconds.</summary>
    public static async Task SetDatabaseAsync(Night night)
    {
        var step = AnyStep(night);
        night.Theatre.SetDatabaseClock(step);
        await IsToldAsync(night, step);
        await SellsMeanwhileAsync(night);
        night.Theatre.SetDatabaseClock(TimeSpan.Zero);
        await IsToldAsync(night, null);
    }

    /// <summary>The clock of an owner's machine steps; it is right again after some seconds, or after the silo was restarted.</summary>
    public static async Task SetSiloAsync(Night night)
    {
        var (silo, eventId) = await night.VictimAsync();
        await SetAsync(night, silo);
        await night.SellsAsync(eventId);
    }

    /// <summary>The same of a front-end's machine.</summary>
    public static async Task SetFrontEndAsync(Night night)
    {
        var frontEnd = night.Cluster.FrontEnds[night.Next(night.Cluster.FrontEnds.Count)];
        await SetAsync(night, frontEnd);
        await Wait.UntilAsync("it is ready", frontEnd.IsReadyAsync);
        var since = night.History.Now;
        await night.WasToldAsync("it sells", one => one.IsOk && one.InvokedAt > since && one.Call.FrontEnd == frontEnd.Url.Authority);
    }

    private static async Task SetAsync(Night night, ClusterProcess process)
    {
        Assert.True(FakeClock.IsWornBy(process.Process.Id), "it has another clock");
        process.Clock!.Set(AnyStep(night));
        await SellsMeanwhileAsync(night);
        if (night.Next(2) == 0)
        {
            await process.StopAsync();
            await process.StartAsync(); // by the wrong clock
            await SellsMeanwhileAsync(night);
        }
        process.Clock.Set(TimeSpan.Zero);
    }

    private static Task SellsMeanwhileAsync(Night night) => Task.WhenAll(night.Crowd.DecidedAsync(Busy), Task.Delay(WrongFor));

    private static TimeSpan AnyStep(Night night) => Steps[night.Next(Steps.Length)] * (night.Next(2) == 0 ? 1 : -1);

    /// <summary>A front-end tells by how much the clock is wrong; or nothing.</summary>
    private static Task IsToldAsync(Night night, TimeSpan? step) => Wait.UntilAsync($"health tells a step of {step}", async () =>
    {
        foreach (var frontEnd in night.Cluster.FrontEnds.Where(one => one.IsRunning))
        {
            if (await ToldAsync(frontEnd) is { } told && (told - (step ?? TimeSpan.Zero)).Duration() < TimeSpan.FromSeconds(1)) return true;
        }
        return false;
    }, TimeSpan.FromSeconds(60));

    /// <summary>Zero when it is ready and tells nothing; null when it is not ready.</summary>
    private static async Task<TimeSpan?> ToldAsync(FrontEndProcess frontEnd)
    {
        try
        {
            var reply = await new Client(frontEnd.Url).GetAsync("/health");
            if (reply.Status != HttpStatusCode.OK) return null;
            return reply.Data.TryGetProperty("clockErrorSeconds", out var told) ? TimeSpan.FromSeconds(told.GetDouble()) : TimeSpan.Zero;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return null; // it was killed
        }
    }
}

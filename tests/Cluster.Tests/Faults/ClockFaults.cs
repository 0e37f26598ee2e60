using System.Net;
using System.Text.Json;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests.Faults;

/// <summary>Faults of clocks: a step by 2 s, a minute, an hour or a day, forward or back.</summary>
internal static class ClockFaults
{
    private const int Busy = 500; // decisions

    // Longer than the shortest holds of a night, so that some end while the clock is wrong.
    private static readonly TimeSpan WrongFor = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan[] Steps =
        [TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1)];

    /// <summary>The database's clock steps, the front-ends report it, and it steps back after some seconds.</summary>
    public static async Task SetDatabaseAsync(Night night)
    {
        var step = AnyStep(night);
        night.Setup.SetDatabaseClock(step);
        await IsReportedAsync(night, step);
        await SellsMeanwhileAsync(night);
        night.Setup.SetDatabaseClock(TimeSpan.Zero);
        await IsReportedAsync(night, null);
    }

    /// <summary>
    /// The clock of an owner's machine steps. It is corrected after some seconds, or after a restart of the silo.
    /// </summary>
    public static async Task SetSiloAsync(Night night)
    {
        var (silo, eventId) = await night.VictimAsync();
        await SetAsync(night, silo);
        await night.SellsAsync(eventId);
    }

    /// <summary>The clock of a front-end's machine steps.</summary>
    public static async Task SetFrontEndAsync(Night night)
    {
        var frontEnd = night.Cluster.FrontEnds[night.Next(night.Cluster.FrontEnds.Count)];
        await SetAsync(night, frontEnd);
        await Wait.UntilAsync("it is ready", frontEnd.IsReadyAsync);
        var since = night.History.Now;
        await night.HasAnsweredAsync("the front-end sells", operation =>
            operation.IsOk && operation.InvokedAt > since && operation.Call.FrontEnd == frontEnd.Url.Authority);
    }

    private static async Task SetAsync(Night night, ClusterProcess process)
    {
        Assert.True(FakeClock.IsUsedBy(process.Process.Id), "the process does not use the fake clock");
        process.Clock!.Set(AnyStep(night));
        await SellsMeanwhileAsync(night);
        if (night.Next(2) == 0)
        {
            await process.StopAsync();
            await process.StartAsync(); // with the wrong clock
            await SellsMeanwhileAsync(night);
        }
        process.Clock.Set(TimeSpan.Zero);
    }

    private static Task SellsMeanwhileAsync(Night night) =>
        Task.WhenAll(night.Crowd.DecidedAsync(Busy), Task.Delay(WrongFor));

    private static TimeSpan AnyStep(Night night) => Steps[night.Next(Steps.Length)] * (night.Next(2) == 0 ? 1 : -1);

    /// <summary>Returns when a front-end reports this error of the clock; null: none.</summary>
    private static Task IsReportedAsync(Night night, TimeSpan? step) =>
        Wait.UntilAsync($"/health reports a step of {step}", async () =>
    {
        foreach (var frontEnd in night.Cluster.FrontEnds.Where(process => process.IsRunning))
        {
            if (await ReportedErrorAsync(frontEnd) is not { } error) continue;
            if ((error - (step ?? TimeSpan.Zero)).Duration() < TimeSpan.FromSeconds(1)) return true;
        }
        return false;
    }, TimeSpan.FromSeconds(60));

    /// <summary>The clock's error that a ready front-end reports, else zero; null when it is not ready.</summary>
    private static async Task<TimeSpan?> ReportedErrorAsync(FrontEndProcess frontEnd)
    {
        try
        {
            var reply = await new Client(frontEnd.Url).GetAsync("/health");
            if (reply.Status != HttpStatusCode.OK) return null;
            return reply.Data.TryGetProperty("clockErrorSeconds", out var told)
                ? TimeSpan.FromSeconds(told.GetDouble())
                : TimeSpan.Zero;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return null; // it was killed
        }
    }
}

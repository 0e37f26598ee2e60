using BoxOffice.Measure.OpenLoop;

namespace BoxOffice.Measure.Comparison;

/// <summary>Sends a crowd to a contestant's event, and tells what it cost and what is in the store afterwards.</summary>
internal static class Sale
{
    /// <summary>More than anybody buys.</summary>
    public const int Unlimited = 100_000_000;

    /// <summary>Everybody waits for the answer before the next call.</summary>
    public static async Task<Dictionary<string, double>> ClosedAsync(Contestant one, string eventId, int connections, int seconds)
    {
        await one.OpenAsync(eventId, Unlimited);
        return await ClosedAsync(one, () => one.SoldAsync(eventId), connections, seconds, $"/ticket/reserve/{eventId}");
    }

    /// <summary>The same for what is open already; with further arguments of reserve.lua, before many events.</summary>
    public static async Task<Dictionary<string, double>> ClosedAsync(
        Contestant one, Func<Task<long>> soldAsync, int connections, int seconds, params string[] arguments)
    {
        var before = one.HasStore ? await soldAsync() : 0;
        var meter = await Meter.StartAsync(one);
        var seen = await Wrk.CrowdAsync(one.Url, connections, seconds, [one.TokensFile, .. arguments]);
        var costOf = await meter.StopAsync();
        var sold = one.HasStore ? await soldAsync() - before : seen.Accepted;
        var figures = costOf(sold > 0 ? sold : seen.NotAccepted); // when nobody got anything, each refusal's cost
        figures[Figure.PerSecond] = sold / seen.Length.TotalSeconds;
        figures[Figure.RefusedPerSecond] = seen.NotAccepted / seen.Length.TotalSeconds;
        (figures[Figure.P50], figures[Figure.P99], figures[Figure.P999]) =
            (seen.P50.TotalMilliseconds, seen.P99.TotalMilliseconds, seen.P999.TotalMilliseconds);
        figures[Figure.Failed] = seen.Broken;
        return Audited(figures, seen.Accepted, sold, inDoubt: connections + seen.Broken);
    }

    /// <summary>Requests come when they are due.</summary>
    public static async Task<Dictionary<string, double>> OfferedAsync(Contestant one, string eventId, OfferRequest offer, int processes = 1, int capacity = Unlimited)
    {
        await one.OpenAsync(eventId, capacity);
        var meter = await Meter.StartAsync(one);
        var report = await Offer.SendAsync(offer with { Url = one.Url, Path = $"/ticket/reserve/{eventId}", TokensFile = one.TokensFile }, processes);
        var costOf = await meter.StopAsync();
        var sold = one.HasStore ? await one.SoldAsync(eventId) : report.Accepted;
        var latencies = report.Latencies;
        var figures = costOf(sold);
        figures[Figure.PerSecond] = sold / Math.Max(offer.Seconds, report.LastAnswerSeconds);
        if (offer.PerSecond > 0) figures[Figure.OfferedPerSecond] = offer.PerSecond;
        (figures[Figure.P50], figures[Figure.P99], figures[Figure.P999]) =
            (latencies.Percentile(50) / 1_000, latencies.Percentile(99) / 1_000, latencies.Percentile(99.9) / 1_000);
        figures[Figure.Failed] = report.NotConnected + report.Failed + report.Unanswered
            + report.Statuses.Where(status => status.Key is not (>= 200 and < 300) and not 409).Sum(status => status.Value);
        (figures[Figure.NotConnected], figures[Figure.Broken], figures[Figure.Unanswered]) = (report.NotConnected, report.Failed, report.Unanswered);
        figures[Figure.GaveUp] = report.GaveUp;
        figures[Figure.LastAnswer] = report.LastAnswerSeconds;
        foreach (var (code, count) in report.Codes) figures[Figure.RefusedWith + code] = count;
        figures[Figure.Oversold] = Math.Max(0, sold - capacity);
        if (report.Codes.ContainsKey("SOLD_OUT")) figures[Figure.Stranded] = Math.Max(0, capacity - sold);
        return Audited(figures, report.Accepted, sold, inDoubt: report.Failed + report.Unanswered);
    }

    private static Dictionary<string, double> Audited(Dictionary<string, double> figures, long acknowledged, long sold, long inDoubt)
    {
        (figures[Figure.Acknowledged], figures[Figure.Sold]) = (acknowledged, sold);
        figures[Figure.Lost] = Math.Max(0, acknowledged - sold);
        figures[Figure.Duplicated] = Math.Max(0, sold - acknowledged - inDoubt);
        return figures;
    }
}

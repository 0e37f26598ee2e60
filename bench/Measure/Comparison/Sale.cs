using BoxOffice.Measure.OpenLoop;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Runs a load on a contestant's event, measures its cost, and counts the sales in the store afterwards.
/// </summary>
internal static class Sale
{
    /// <summary>More tickets than any load buys.</summary>
    public const int Unlimited = 100_000_000;

    /// <summary>Closed loop: each connection waits for the answer before the next call.</summary>
    public static async Task<Dictionary<string, double>> ClosedAsync(
        Contestant contestant, string eventId, int connections, int seconds)
    {
        await contestant.OpenAsync(eventId, Unlimited);
        var path = $"/ticket/reserve/{eventId}";
        return await ClosedAsync(contestant, () => contestant.SoldAsync(eventId), connections, seconds, path);
    }

    /// <summary>Closed loop on open events, with the arguments of reserve.lua.</summary>
    public static async Task<Dictionary<string, double>> ClosedAsync(
        Contestant contestant, Func<Task<long>> soldAsync, int connections, int seconds, params string[] arguments)
    {
        var before = contestant.HasStore ? await soldAsync() : 0;
        var meter = await Meter.StartAsync(contestant);
        var seen = await Wrk.CrowdAsync(contestant.Url, connections, seconds, [contestant.TokensFile, .. arguments]);
        var costOf = await meter.StopAsync();
        var sold = contestant.HasStore ? await soldAsync() - before : seen.Accepted;
        var figures = costOf(sold > 0 ? sold : seen.NotAccepted); // without a sale: the cost of each refusal
        figures[Figure.PerSecond] = sold / seen.Length.TotalSeconds;
        figures[Figure.RefusedPerSecond] = seen.NotAccepted / seen.Length.TotalSeconds;
        (figures[Figure.P50], figures[Figure.P99], figures[Figure.P999]) =
            (seen.P50.TotalMilliseconds, seen.P99.TotalMilliseconds, seen.P999.TotalMilliseconds);
        figures[Figure.Failed] = seen.Broken;
        return Audited(figures, seen.Accepted, sold, inDoubt: connections + seen.Broken);
    }

    /// <summary>Open loop: requests are sent when they are due.</summary>
    public static async Task<Dictionary<string, double>> OfferedAsync(
        Contestant contestant, string eventId, OfferRequest offer, int processes = 1, int capacity = Unlimited)
    {
        await contestant.OpenAsync(eventId, capacity);
        var meter = await Meter.StartAsync(contestant);
        var path = $"/ticket/reserve/{eventId}";
        var request = offer with { Url = contestant.Url, Path = path, TokensFile = contestant.TokensFile };
        var report = await Offer.SendAsync(request, processes);
        var costOf = await meter.StopAsync();
        var sold = contestant.HasStore ? await contestant.SoldAsync(eventId) : report.Accepted;
        var latencies = report.Latencies;
        var figures = costOf(sold);
        figures[Figure.PerSecond] = sold / Math.Max(offer.Seconds, report.LastAnswerSeconds);
        if (offer.PerSecond > 0) figures[Figure.OfferedPerSecond] = offer.PerSecond;
        (figures[Figure.P50], figures[Figure.P99], figures[Figure.P999]) =
            (latencies.Percentile(50) / 1_000, latencies.Percentile(99) / 1_000, latencies.Percentile(99.9) / 1_000);
        figures[Figure.Failed] = report.NotConnected + report.Failed + report.Unanswered
            + report.Statuses.Where(status => status.Key is not (>= 200 and < 300) and not 409)
                .Sum(status => status.Value);
        (figures[Figure.NotConnected], figures[Figure.Broken], figures[Figure.Unanswered]) =
            (report.NotConnected, report.Failed, report.Unanswered);
        figures[Figure.GaveUp] = report.GaveUp;
        figures[Figure.LastAnswer] = report.LastAnswerSeconds;
        foreach (var (code, count) in report.Codes) figures[Figure.RefusedWith + code] = count;
        figures[Figure.Oversold] = Math.Max(0, sold - capacity);
        if (report.Codes.ContainsKey("SOLD_OUT")) figures[Figure.Stranded] = Math.Max(0, capacity - sold);
        return Audited(figures, report.Accepted, sold, inDoubt: report.Failed + report.Unanswered);
    }

    private static Dictionary<string, double> Audited(
        Dictionary<string, double> figures, long acknowledged, long sold, long inDoubt)
    {
        (figures[Figure.Acknowledged], figures[Figure.Sold]) = (acknowledged, sold);
        figures[Figure.Lost] = Math.Max(0, acknowledged - sold);
        figures[Figure.Duplicated] = Math.Max(0, sold - acknowledged - inDoubt);
        return figures;
    }
}

using BoxOffice.Measure.OpenLoop;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Open-loop load at a percentage of each contestant's maximum in this run: requests come when they are due, and not
/// when the server is ready. Latency counts from the moment when a request was due.
/// </summary>
internal static class OfferedLoad
{
    /// <summary>E1 at half of BoxOffice's maximum: the same load for both.</summary>
    public const string AtOurHalf = "offered-half-of-U";

    private const int HalfPercent = 50;

    /// <summary>The scenario's name.</summary>
    public static string NameAt(int percent) => $"offered-{percent}";

    public static async Task RunAsync(ComparisonRun run)
    {
        var contestants = run.All.Where(contestant => run.Plan.HasTurnUnderLoad(contestant.Name)).ToList();
        foreach (var percent in run.Plan.Loads)
        {
            await run.TakeTurnsAsync(NameAt(percent), contestants, async (contestant, round) =>
            {
                // Directly beside BoxOffice's turn, so that both run in the same minute.
                if (percent == HalfPercent && contestant.Name == "E1" && MaximumOf(run, Contestants.Ours) is { } ours)
                {
                    var atOurHalf = await TakeAsync(contestant, $"{AtOurHalf}-{round}", ours * percent / 100);
                    run.Add(AtOurHalf, contestant, round, atOurHalf);
                }
                var perSecond = MaximumOf(run, contestant.Name)!.Value * percent / 100;
                return await TakeAsync(contestant, $"{NameAt(percent)}-{round}", perSecond);
            });
        }

        Task<Dictionary<string, double>> TakeAsync(Contestant contestant, string eventId, double perSecond) =>
            Sale.OfferedAsync(contestant, eventId, Request(perSecond, run.Plan.Seconds));
    }

    /// <summary>A contestant's maximum of sales each second in this run.</summary>
    public static double? MaximumOf(ComparisonRun run, string name) =>
        run.Results.Median(HotEvent.NameAt(Plan.Crowd), name, Figure.PerSecond);

    /// <summary>A request without URL and path, which <see cref="Sale"/> sets.</summary>
    public static OfferRequest Request(double perSecond, double seconds) =>
        new(new("http://127.0.0.1"), "/", PerSecond: perSecond, Seconds: seconds);
}

using BoxOffice.Measure.OpenLoop;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Buyers who come when they like, and not when the server is ready for them: so many in a hundred of what each contestant
/// sold at most in this run. Latency counts from the moment when a buyer came.
/// </summary>
internal static class OfferedLoad
{
    /// <summary>E1 at half of what BoxOffice can: the same load for both.</summary>
    public const string AtOurHalf = "offered-half-of-U";

    private const int HalfPercent = 50;

    /// <summary>The scenario's name.</summary>
    public static string NameAt(int percent) => $"offered-{percent}";

    public static async Task RunAsync(Stage stage)
    {
        var contestants = stage.All.Where(one => stage.Plan.HasTurnUnderLoad(one.Name)).ToList();
        foreach (var percent in stage.Plan.Loads)
        {
            await stage.TakeTurnsAsync(NameAt(percent), contestants, async (one, round) =>
            {
                // Beside ours, so that both meet the same minute of this machine.
                if (percent == HalfPercent && one.Name == "E1" && MaximumOf(stage, Contestants.Ours) is { } ours)
                    stage.Add(AtOurHalf, one, round, await TakeAsync(one, $"{AtOurHalf}-{round}", ours * percent / 100));
                return await TakeAsync(one, $"{NameAt(percent)}-{round}", MaximumOf(stage, one.Name)!.Value * percent / 100);
            });
        }

        Task<Dictionary<string, double>> TakeAsync(Contestant one, string eventId, double perSecond) =>
            Sale.OfferedAsync(one, eventId, Request(perSecond, stage.Plan.Seconds));
    }

    /// <summary>What a contestant sold each second at most, in this run.</summary>
    public static double? MaximumOf(Stage stage, string name) => stage.Results.Median(HotEvent.NameAt(Plan.Crowd), name, Figure.PerSecond);

    /// <summary>To whom and for what, the sale fills in.</summary>
    public static OfferRequest Request(double perSecond, double seconds) =>
        new(new("http://127.0.0.1"), "/", PerSecond: perSecond, Seconds: seconds);
}

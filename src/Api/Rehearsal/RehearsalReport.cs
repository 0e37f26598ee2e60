using BoxOffice.Api.Contracts;

namespace BoxOffice.Api.Rehearsal;

/// <summary>What a rehearsal found.</summary>
/// <param name="Exact">Nothing was oversold, lost or left over.</param>
/// <param name="NotExact">A sentence for each violation.</param>
/// <param name="Sold">Tickets that the copy's journal has as sold or held.</param>
/// <param name="Unsold">Tickets that are left.</param>
/// <param name="Refused">Buyers by the code of their final refusal.</param>
/// <param name="GaveUp">Buyers whose patience ended after answers that asked for a retry.</param>
/// <param name="Failed">Buyers whose patience ended without any answer.</param>
/// <param name="Repeated">Answers after which buyers asked again, by code.</param>
/// <param name="NoAnswer">Calls without an answer, including those that were retried.</param>
/// <param name="SellOutSeconds">When the last ticket was acknowledged; null when some are left.</param>
/// <param name="LastAnswerSeconds">When the last buyer had a final answer, or gave up.</param>
/// <param name="Latency">From a buyer's first call to the final answer.</param>
/// <param name="Curve">Second by second.</param>
/// <param name="Stages">Where the front-ends' time went.</param>
/// <param name="Dominant">The stage with most of it; null when no call reached a front-end.</param>
/// <param name="OutsideMs">Mean time that an answered call spent outside the front-end.</param>
/// <param name="Reconciliation">The copy's owner, journal and database compared.</param>
/// <param name="AcknowledgedButMissing">Buyers with acknowledged tickets that the journal does not have.</param>
/// <param name="UnknownOutcomes">Buyers who left without knowing whether they have tickets.</param>
/// <param name="Bottleneck">The first bottleneck, in words.</param>
public sealed record RehearsalReport(
    bool Exact,
    string[] NotExact,
    int Sold,
    int Unsold,
    IReadOnlyDictionary<string, int> Refused,
    int GaveUp,
    int Failed,
    IReadOnlyDictionary<string, int> Repeated,
    int NoAnswer,
    double? SellOutSeconds,
    double LastAnswerSeconds,
    RehearsalLatency Latency,
    CurvePoint[] Curve,
    StageAnswer[] Stages,
    string? Dominant,
    double OutsideMs,
    Reconciliation Reconciliation,
    int AcknowledgedButMissing,
    int UnknownOutcomes,
    Bottleneck Bottleneck)
{
    /// <summary>From what buyers saw and the copy's journal.</summary>
    internal static RehearsalReport Of(
        RehearsalOrder order, CrowdResult crowd, Reconciliation truth, IReadOnlyList<ExportedReservation> stored,
        TimingAnswer timing)
    {
        var found = Findings.Of(order, crowd, truth, stored);
        var notExact = found.Sentences();
        var total = timing.Stages[^1];
        var outside = Math.Max(0, Math.Round(Milliseconds(crowd.CallTimes.Mean) - total.MeanMs, 3));
        var all = crowd.AcceptedTimes.Plus(crowd.RefusedTimes);
        return new(
            notExact.Length == 0, notExact, found.Sold, found.Unsold, crowd.Refused, crowd.GaveUp, crowd.Failed,
            crowd.Repeated, crowd.NoAnswer, found.Unsold == 0 ? Seconds(crowd.LastAcceptedSeconds) : null,
            Seconds(crowd.LastAnswerSeconds),
            new(LatencyAnswer.Of(crowd.AcceptedTimes), LatencyAnswer.Of(crowd.RefusedTimes), LatencyAnswer.Of(all)),
            CurveOf(crowd.Curve), timing.Stages, timing.Dominant, outside, truth, found.AcknowledgedButMissing,
            crowd.UnknownOutcomes,
            Bottleneck.Of(new(
                timing.Stages, timing.Dominant, outside, Milliseconds(crowd.LateTimes.Mean),
                Milliseconds(all.Percentile(99)), crowd.Broken, crowd.NoAnswer - crowd.Broken, crowd.CallTimes.Count,
                crowd.GaveUp + crowd.Failed)));
    }

    private static CurvePoint[] CurveOf(CrowdSecond[] seconds)
    {
        var waiting = 0;
        return [.. seconds.Select((second, at) => new CurvePoint(
            at, second.Arrived, second.Accepted, second.Refused, second.Failed,
            waiting += second.Arrived - second.Accepted - second.Refused - second.Failed,
            second.Times.Count == 0 ? null : Milliseconds(second.Times.Percentile(99))))];
    }

    private static double Milliseconds(double microseconds) => Math.Round(microseconds / 1_000, 3);

    private static double Seconds(double seconds) => Math.Round(seconds, 3);
}

/// <summary>Times of buyers; each is null when there were none.</summary>
public sealed record RehearsalLatency(LatencyAnswer? Accepted, LatencyAnswer? Refused, LatencyAnswer? All);

/// <summary>Times in milliseconds. Percentiles are at most 12.5 % off; the mean and the longest are exact.</summary>
public sealed record LatencyAnswer(long Count, double MeanMs, double P50Ms, double P90Ms, double P99Ms, double MaxMs)
{
    /// <summary>From the tally; null when there is nothing.</summary>
    public static LatencyAnswer? Of(DurationTally times) => times.Count == 0 ? null : new(
        times.Count, Milliseconds(times.Mean), Milliseconds(times.Percentile(50)), Milliseconds(times.Percentile(90)),
        Milliseconds(times.Percentile(99)), Milliseconds(times.Max));

    private static double Milliseconds(double microseconds) => Math.Round(microseconds / 1_000, 3);
}

/// <summary>One second of a rehearsal.</summary>
/// <param name="At">The second's number, from 0.</param>
/// <param name="Arrived">Buyers who came in it.</param>
/// <param name="Accepted">Buyers who got tickets in it.</param>
/// <param name="Refused">Buyers who were refused in it.</param>
/// <param name="Failed">Buyers who gave up in it, with or without an answer.</param>
/// <param name="Waiting">Buyers who waited at its end.</param>
/// <param name="P99Ms">
/// Of the buyers who were accepted or refused in it, from their first call; null when there was none.
/// </param>
public sealed record CurvePoint(int At, int Arrived, int Accepted, int Refused, int Failed, int Waiting, double? P99Ms);

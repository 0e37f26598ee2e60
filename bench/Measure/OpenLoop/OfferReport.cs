using System.Text.Json.Serialization;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>The results of a generator.</summary>
/// <param name="Sent">Requests that were sent.</param>
/// <param name="GaveUp">Due requests for which no connection was free in time.</param>
/// <param name="NotConnected">Connections that were refused, reset or not open in time.</param>
/// <param name="Failed">Requests whose connection broke before the answer.</param>
/// <param name="Unanswered">Requests without an answer when the generator's patience was over.</param>
/// <param name="Statuses">Answers by status.</param>
/// <param name="Codes">Refusals by code.</param>
/// <param name="LastAnswerSeconds">Seconds from the start to the last answer.</param>
/// <param name="Counts">Accepted requests by <see cref="Classes"/>, from the moment when each was due.</param>
/// <param name="Longest">The longest of these, in microseconds.</param>
/// <param name="Sum">The sum of these, in microseconds.</param>
/// <param name="LateSum">The sum of all delays between due and sent, in microseconds.</param>
internal sealed record OfferReport(
    long Sent,
    long GaveUp,
    long NotConnected,
    long Failed,
    long Unanswered,
    Dictionary<int, long> Statuses,
    Dictionary<string, long> Codes,
    double LastAnswerSeconds,
    long[] Counts,
    long Longest,
    long Sum,
    long LateSum)
{
    [JsonIgnore]
    public long Accepted => Statuses.Where(status => status.Key is >= 200 and < 300).Sum(status => status.Value);

    /// <summary>
    /// 64 a doubling: a latency is at most 1.6 % off. Programs and their versions are compared by it; they differ by
    /// less than the 12.5 % of <see cref="DurationTally.Classes"/>. The last begins at nearly five hours.
    /// </summary>
    public static readonly DurationClasses Classes = new(stepBits: 6, log: 34);

    [JsonIgnore]
    public DurationHistogram Latencies
    {
        get
        {
            var latencies = new DurationHistogram(Classes);
            latencies.Add(Counts, Sum, Longest);
            return latencies;
        }
    }

    /// <summary>The sum of two generators' results.</summary>
    public static OfferReport operator +(OfferReport a, OfferReport b)
    {
        var latencies = a.Latencies;
        latencies.Add(b.Counts, b.Sum, b.Longest);
        return new(a.Sent + b.Sent, a.GaveUp + b.GaveUp, a.NotConnected + b.NotConnected, a.Failed + b.Failed,
            a.Unanswered + b.Unanswered, Together(a.Statuses, b.Statuses), Together(a.Codes, b.Codes),
            Math.Max(a.LastAnswerSeconds, b.LastAnswerSeconds),
            latencies.Counts, latencies.Max, latencies.Sum, a.LateSum + b.LateSum);
    }

    private static Dictionary<T, long> Together<T>(Dictionary<T, long> a, Dictionary<T, long> b) where T : notnull =>
        a.Concat(b)
            .GroupBy(count => count.Key).ToDictionary(group => group.Key, group => group.Sum(count => count.Value));
}

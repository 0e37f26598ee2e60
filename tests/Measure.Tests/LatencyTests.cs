using BoxOffice.Measure.OpenLoop;

namespace BoxOffice.Measure.Tests;

/// <summary>The generator's latencies.</summary>
public sealed class LatencyTests
{
    [Fact]
    public void Short_times_are_exact()
    {
        var latencies = Of(Enumerable.Range(1, 100).Select(value => (long)value));

        Assert.Equal(50, latencies.Percentile(50));
        Assert.Equal(99, latencies.Percentile(99));
        Assert.Equal(100, latencies.Percentile(100));
    }

    [Theory, InlineData(129), InlineData(4_000), InlineData(123_456), InlineData(99_999_999)]
    public void Long_times_are_off_by_less_than_two_percent(long value)
    {
        var latencies = Of([value, long.MaxValue / 2]);

        Assert.InRange(latencies.Percentile(50), value * 0.984, value * 1.016);
    }

    [Fact]
    public void The_longest_and_the_sum_are_exact()
    {
        var latencies = Of([1_000_001, 7]);

        Assert.Equal(1_000_001, latencies.Max);
        Assert.Equal(1_000_001, latencies.Percentile(100), tolerance: 16_000);
        Assert.Equal(1_000_008, latencies.Sum);
    }

    [Fact]
    public void One_slow_answer_in_a_thousand_is_not_in_the_99th_percentile()
    {
        var latencies = Of(Enumerable.Repeat(10L, 999).Append(60_000));

        Assert.Equal(10, latencies.Percentile(99));
        Assert.Equal(10, latencies.Percentile(99.9));
        Assert.InRange(latencies.Percentile(99.95), 59_000, 61_000);
    }

    [Fact]
    public void Without_latencies_a_percentile_is_zero() =>
        Assert.Equal(0, new DurationHistogram(OfferReport.Classes).Percentile(99));

    [Fact]
    public void Two_generators_add_up_to_one()
    {
        var together = Report(sent: 2, latency: 10) + Report(sent: 3, latency: 5_000);

        Assert.Equal(5, together.Sent);
        Assert.Equal(2, together.Statuses[200]);
        Assert.Equal(2, together.Latencies.Count);
        Assert.Equal(10, together.Latencies.Percentile(50));
        Assert.Equal(5_000, together.Latencies.Max);
    }

    private static OfferReport Report(long sent, long latency)
    {
        var latencies = Of([latency]);
        return new(sent, 0, 0, 0, 0, new() { [200] = 1 }, [], 1, latencies.Counts, latencies.Max, latencies.Sum, 0);
    }

    private static DurationHistogram Of(IEnumerable<long> values)
    {
        var latencies = new DurationHistogram(OfferReport.Classes);
        foreach (var value in values) latencies.Add(value);
        return latencies;
    }
}

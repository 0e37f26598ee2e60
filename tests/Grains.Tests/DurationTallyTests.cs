namespace BoxOffice.Grains.Tests;

public sealed class DurationTallyTests
{
    [Theory, InlineData(3, 26), InlineData(6, 34)]
    public void Classes_follow_each_other_without_gap_and_none_is_wider_than_its_part(int stepBits, int log)
    {
        var classes = new DurationClasses(stepBits, log);

        for (var i = 0; i < classes.Count - 1; i++)
        {
            var (begins, next) = (classes.BeginningOf(i), classes.BeginningOf(i + 1));
            Assert.Equal((i, i), (classes.ClassOf(begins), classes.ClassOf(next - 1)));
            Assert.True(next - begins <= Math.Max(1, begins >> stepBits), $"class {i}: {begins} to {next}");
        }
        Assert.Equal(1L << log, classes.BeginningOf(classes.Count - (1 << stepBits)));
        Assert.Equal(classes.Count - 1, classes.ClassOf(long.MaxValue));
        Assert.Equal(0, classes.ClassOf(-1));
    }

    [Fact]
    public void Percentiles_are_at_most_an_eighth_off()
    {
        var tally = Of([.. Enumerable.Range(1, 10_000).Select(i => (long)i)]);

        foreach (var percent in new[] { 1, 50, 90, 99, 100 })
            Assert.InRange(tally.Percentile(percent), percent * 100 * 0.875, percent * 100 * 1.125);
        Assert.Equal((10_000, 5_000.5), (tally.Max, tally.Mean));
    }

    [Fact]
    public void No_percentile_is_longer_than_the_longest()
    {
        Assert.Equal(1_000, Of([1_000]).Percentile(99));
        Assert.Equal((0, 0), (DurationTally.None.Percentile(50), DurationTally.None.Mean));
    }

    [Fact]
    public void Since_is_the_difference_and_Plus_is_the_sum()
    {
        var (first, second) = (Of([5, 100, 70_000]), Of([7, 100, 3_000]));

        var together = first.Plus(second);
        var since = together.Since(first);

        Assert.Equal((6, 73_212, 70_000), (together.Count, together.Sum, together.Max));
        Assert.Equal((3, 3_107), (since.Count, since.Sum));
        Assert.InRange(since.Max, 3_000, 3_000 * 1.125);
        Assert.Equal(second.Percentile(50), since.Percentile(50));
        Assert.Equal(0, together.Since(together).Count);
    }

    private static DurationTally Of(long[] microseconds)
    {
        var durations = new DurationHistogram(DurationTally.Classes);
        foreach (var duration in microseconds) durations.Add(duration);
        return DurationTally.Of(durations);
    }
}

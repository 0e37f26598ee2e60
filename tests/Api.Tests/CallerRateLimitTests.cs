using BoxOffice.Api.RateLimiting;

namespace BoxOffice.Api.Tests;

public sealed class CallerRateLimitTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_caller_may_call_so_often_at_once_and_then_as_the_rate_allows()
    {
        var limit = new CallerRateLimit(perSecond: 10, burst: 100, _time);

        var atOnce = Enumerable.Range(0, 150).Count(_ => limit.Take("ann") == TimeSpan.Zero);
        _time.Move(TimeSpan.FromSeconds(2));
        var later = Enumerable.Range(0, 150).Count(_ => limit.Take("ann") == TimeSpan.Zero);

        Assert.Equal((100, 20), (atOnce, later));
    }

    [Fact]
    public void A_caller_may_call_after_the_wait_of_its_refusal_and_not_before()
    {
        var limit = new CallerRateLimit(perSecond: 4, burst: 2, _time);
        limit.Take("ann");
        limit.Take("ann");

        var wait = limit.Take("ann");
        _time.Move(wait - TimeSpan.FromTicks(1));
        var before = limit.Take("ann");
        _time.Move(TimeSpan.FromTicks(1));

        Assert.Equal(TimeSpan.FromMilliseconds(250), wait);
        Assert.Equal(TimeSpan.FromTicks(1), before);
        Assert.Equal(TimeSpan.Zero, limit.Take("ann"));
    }

    [Fact]
    public void A_long_rest_allows_no_more_than_a_burst()
    {
        var limit = new CallerRateLimit(perSecond: 10, burst: 5, _time);
        _time.Move(TimeSpan.FromDays(1));

        Assert.Equal(5, Enumerable.Range(0, 50).Count(_ => limit.Take("ann") == TimeSpan.Zero));
    }

    [Fact]
    public void A_call_may_count_as_several_but_never_as_more_than_a_burst()
    {
        var limit = new CallerRateLimit(perSecond: 1, burst: 10, _time);

        var several = Enumerable.Range(0, 5).Count(_ => limit.Take("ann", cost: 4) == TimeSpan.Zero);
        var all = limit.Take("bob", cost: 1_000);
        var next = limit.Take("bob");

        Assert.Equal((2, TimeSpan.Zero, TimeSpan.FromSeconds(1)), (several, all, next));
    }

    [Fact]
    public void One_callers_calls_do_not_count_for_the_others()
    {
        var limit = new CallerRateLimit(perSecond: 1, burst: 1, _time);

        // Two of 200 may share a place by chance (1 in 50 runs), three pairs will not.
        Assert.InRange(Enumerable.Range(0, 200).Count(i => limit.Take($"member{i}") == TimeSpan.Zero), 197, 200);
    }

    [Fact]
    public async Task Calls_at_the_same_moment_are_counted_one_by_one()
    {
        var limit = new CallerRateLimit(perSecond: 1, burst: 1_000, _time);

        var allowed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 1_000).Count(_ => limit.Take("ann") == TimeSpan.Zero))));

        Assert.Equal(1_000, allowed.Sum());
    }
}

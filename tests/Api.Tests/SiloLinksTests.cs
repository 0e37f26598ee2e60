using BoxOffice.Api.Silos;

namespace BoxOffice.Api.Tests;

public sealed class SiloLinksTests
{
    private readonly SiloLink _a = new("10.0.0.1:30000", null!);
    private readonly SiloLink _b = new("10.0.0.2:30000", null!);
    private readonly SiloLink _c = new("10.0.0.3:30000", null!);

    [Fact]
    public void Each_attempt_goes_through_another_silo_and_the_same_key_begins_with_the_same_one()
    {
        var links = new SiloLinks(_a, _b, _c);

        var ways = Enumerable.Range(1, 3).Select(attempt => links.For("gala", attempt)).ToList();

        Assert.Equal(3, ways.Distinct().Count());
        Assert.Same(ways[0], links.For("gala"));
    }

    [Fact]
    public void Once_known_the_owner_is_asked_first_and_others_after_it_failed()
    {
        var links = new SiloLinks(_a, _b, _c);
        links.Learn("gala", "10.0.0.2:30000");

        Assert.Same(_b, links.For("gala"));
        Assert.Equal(3, Enumerable.Range(2, 3).Select(attempt => links.For("gala", attempt)).Distinct().Count());
    }

    [Fact]
    public void An_owner_that_failed_is_forgotten()
    {
        var links = new SiloLinks(_a, _b, _c);
        var before = links.For("gala");
        links.Learn("gala", links.For("gala", 2).Gateway);

        links.Forget("gala");

        Assert.Same(before, links.For("gala"));
    }

    [Fact]
    public void A_silent_silo_is_left_out_except_for_the_events_that_it_owns()
    {
        var links = new SiloLinks(_a, _b, _c);
        links.Learn("gala", _b.Gateway);
        _b.IsSilent = true;

        Assert.Same(_b, links.For("gala"));
        Assert.DoesNotContain(_b, Enumerable.Range(0, 100).Select(i => links.For($"event-{i}")));
    }

    [Fact]
    public void A_silo_that_leaves_is_left_out_also_for_the_events_that_it_owns()
    {
        var links = new SiloLinks(_a, _b, _c);
        links.Learn("gala", _b.Gateway);
        _b.IsLeaving = true;

        Assert.DoesNotContain(_b, Enumerable.Range(0, 100).Select(i => links.For($"event-{i}")));
        Assert.NotSame(_b, links.For("gala"));
    }

    [Fact]
    public void When_all_are_silent_they_are_asked_all_the_same()
    {
        var links = new SiloLinks(_a, _b);
        _a.IsSilent = _b.IsSilent = true;

        Assert.Equal(2, Enumerable.Range(1, 2).Select(attempt => links.For("gala", attempt)).Distinct().Count());
    }

    [Fact]
    public void A_silo_that_is_gone_owns_nothing()
    {
        var links = new SiloLinks(_a, _b);
        links.Learn("gala", _b.Gateway);

        links.Replace([_a, _c]);

        Assert.DoesNotContain(_b, Enumerable.Range(1, 10).Select(attempt => links.For("gala", attempt)));
    }

    [Fact]
    public void A_gateway_that_is_not_known_is_not_learnt()
    {
        var links = new SiloLinks(_a);

        links.Learn("gala", "10.0.0.9:30000");

        Assert.Same(_a, links.For("gala"));
    }

    [Fact]
    public void Without_a_silo_nothing_is_done_and_the_caller_hears_so()
    {
        Assert.Throws<NotAppliedException>(() => new SiloLinks().For("gala"));
    }
}

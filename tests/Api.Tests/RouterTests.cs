using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Tests;

public sealed class RouterTests
{
    private readonly SiloConnection _a = new("10.0.0.1:30000", null!);
    private readonly SiloConnection _b = new("10.0.0.2:30000", null!);
    private readonly SiloConnection _c = new("10.0.0.3:30000", null!);

    [Fact]
    public void Each_attempt_goes_through_another_silo_and_the_same_key_begins_with_the_same_one()
    {
        var router = new Router(_a, _b, _c);

        var silos = Enumerable.Range(1, 3).Select(attempt => router.For("gala", attempt)).ToList();

        Assert.Equal(3, silos.Distinct().Count());
        Assert.Same(silos[0], router.For("gala"));
    }

    [Fact]
    public void Once_known_the_owner_is_asked_first_and_others_after_it_failed()
    {
        var router = new Router(_a, _b, _c);
        router.Learn("gala", "10.0.0.2:30000");

        Assert.Same(_b, router.For("gala"));
        Assert.Equal(3, Enumerable.Range(2, 3).Select(attempt => router.For("gala", attempt)).Distinct().Count());
    }

    [Fact]
    public void An_owner_that_failed_is_forgotten()
    {
        var router = new Router(_a, _b, _c);
        var before = router.For("gala");
        router.Learn("gala", router.For("gala", 2).Gateway);

        router.Forget("gala");

        Assert.Same(before, router.For("gala"));
    }

    [Fact]
    public void A_silent_silo_is_left_out_except_for_the_events_that_it_owns()
    {
        var router = new Router(_a, _b, _c);
        router.Learn("gala", _b.Gateway);
        _b.IsSilent = true;

        Assert.Same(_b, router.For("gala"));
        Assert.DoesNotContain(_b, Enumerable.Range(0, 100).Select(i => router.For($"event-{i}")));
    }

    [Fact]
    public void A_silo_that_leaves_is_left_out_also_for_the_events_that_it_owns()
    {
        var router = new Router(_a, _b, _c);
        router.Learn("gala", _b.Gateway);
        _b.IsLeaving = true;

        Assert.DoesNotContain(_b, Enumerable.Range(0, 100).Select(i => router.For($"event-{i}")));
        Assert.NotSame(_b, router.For("gala"));
    }

    [Fact]
    public void When_all_are_silent_they_are_asked_all_the_same()
    {
        var router = new Router(_a, _b);
        _a.IsSilent = _b.IsSilent = true;

        Assert.Equal(2, Enumerable.Range(1, 2).Select(attempt => router.For("gala", attempt)).Distinct().Count());
    }

    [Fact]
    public void A_silo_that_is_gone_owns_nothing()
    {
        var router = new Router(_a, _b);
        router.Learn("gala", _b.Gateway);

        router.Replace([_a, _c]);

        Assert.DoesNotContain(_b, Enumerable.Range(1, 10).Select(attempt => router.For("gala", attempt)));
    }

    [Fact]
    public void A_gateway_that_is_not_known_is_not_learnt()
    {
        var router = new Router(_a);

        router.Learn("gala", "10.0.0.9:30000");

        Assert.Same(_a, router.For("gala"));
    }

    [Fact]
    public void With_too_many_events_the_owner_of_one_that_is_called_stays_known()
    {
        var router = new Router(_a, _b, _c);
        var other = router.All.First(silo => silo != router.For("gala"));
        router.Learn("gala", other.Gateway);

        for (var i = 0; i < 250_000; i++)
        {
            router.Learn($"event-{i}", _a.Gateway);
            if (i % 100 == 0) router.For("gala");
        }

        Assert.Same(other, router.For("gala"));
    }

    [Fact]
    public void Without_a_silo_a_call_is_not_applied()
    {
        Assert.Throws<NotAppliedException>(() => new Router().For("gala"));
    }
}

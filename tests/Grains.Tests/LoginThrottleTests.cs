using BoxOffice.Grains.Members;

namespace BoxOffice.Grains.Tests;

/// <summary>Guessing passwords becomes slow; no member can be locked out.</summary>
public sealed class LoginThrottleTests
{
    private const string Home = "192.0.2.1";
    private const string Office = "192.0.2.2";

    /// <summary>Three failures from an address, six against the account.</summary>
    private static readonly BoxOfficeOptions Options = new()
    {
        LoginFailuresPerAddress = 3,
        LoginFailuresPerAccount = 6,
        LoginDelayMax = TimeSpan.FromSeconds(60),
        LoginFailuresKept = TimeSpan.FromMinutes(15),
    };

    private readonly LoginThrottle _throttle = new(Options);

    [Fact]
    public void The_first_attempt_need_not_wait()
    {
        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon));
    }

    [Fact]
    public void A_few_mistakes_cost_no_time()
    {
        Fail(2, Home, Noon);

        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 4)]
    [InlineData(6, 8)]
    [InlineData(7, 16)]
    [InlineData(8, 32)]
    [InlineData(9, 60)]
    [InlineData(10, 60)]
    [InlineData(10_000, 60)]
    public void The_wait_is_a_second_and_doubles_with_each_failure_up_to_its_maximum(int failures, int seconds)
    {
        Fail(failures, Home, Noon);

        Assert.Equal(TimeSpan.FromSeconds(seconds), _throttle.RetryAfter(Home, Noon));
    }

    [Fact]
    public void The_wait_passes_with_time()
    {
        Fail(4, Home, Noon);

        Assert.Equal(TimeSpan.FromSeconds(1.5), _throttle.RetryAfter(Home, Noon.AddSeconds(0.5)));
        Assert.Equal(TimeSpan.FromMicroseconds(1), _throttle.RetryAfter(Home, Noon.AddSeconds(2).AddMicroseconds(-1)));
        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon.AddSeconds(2)));
        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon.AddSeconds(3)));
    }

    [Fact]
    public void The_wait_begins_with_the_last_failure()
    {
        Fail(3, Home, Noon);
        Fail(1, Home, Noon.AddSeconds(10));

        Assert.Equal(TimeSpan.FromSeconds(2), _throttle.RetryAfter(Home, Noon.AddSeconds(10)));
    }

    [Fact]
    public void Asking_is_no_failure()
    {
        Fail(2, Home, Noon);

        for (var i = 0; i < 100; i++) _throttle.RetryAfter(Home, Noon);

        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon));
    }

    [Fact]
    public void Failures_at_one_address_do_not_slow_down_another()
    {
        Fail(5, Home, Noon);

        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Office, Noon));
    }

    [Fact]
    public void A_success_forgets_the_failures_of_its_address()
    {
        Fail(5, Home, Noon);

        _throttle.Succeeded(Home);

        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon));
        Fail(2, Home, Noon);
        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon));
    }

    [Fact]
    public void A_success_does_not_forget_the_failures_of_other_addresses()
    {
        Fail(3, Office, Noon);

        _throttle.Succeeded(Home);

        Assert.Equal(TimeSpan.FromSeconds(1), _throttle.RetryAfter(Office, Noon));
    }

    [Fact]
    public void One_that_is_slowed_down_gets_one_attempt_at_a_time_and_not_a_burst()
    {
        Fail(3, Home, Noon);
        var later = Noon.AddMinutes(5);

        var first = _throttle.Begin(Home, later);
        var second = _throttle.Begin(Home, later);

        Assert.Equal(TimeSpan.Zero, first);
        Assert.True(second > TimeSpan.Zero);
    }

    [Fact]
    public void A_familiar_address_waits_for_its_own_failures()
    {
        _throttle.Succeeded(Home);

        Fail(3, Home, Noon);

        Assert.Equal(TimeSpan.FromSeconds(1), _throttle.RetryAfter(Home, Noon));
    }

    [Fact]
    public void Failures_are_forgotten_after_a_time_without_one()
    {
        Fail(5, Home, Noon);

        Fail(1, Home, Noon.AddMinutes(15).AddMicroseconds(1));

        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon.AddMinutes(15).AddMicroseconds(1)));
    }

    [Fact]
    public void Until_then_they_count()
    {
        Fail(5, Home, Noon);

        Fail(1, Home, Noon.AddMinutes(15));

        Assert.Equal(TimeSpan.FromSeconds(8), _throttle.RetryAfter(Home, Noon.AddMinutes(15)));
    }

    [Fact]
    public void An_attack_that_ended_is_forgotten_too()
    {
        for (var i = 0; i < 6; i++) Fail(1, $"198.51.100.{i}", Noon);

        Fail(1, "198.51.100.7", Noon.AddMinutes(16));

        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon.AddMinutes(16)));
    }

    [Fact]
    public void Of_many_addresses_that_failed_the_one_longest_ago_is_forgotten_first()
    {
        Fail(3, Home, Noon);
        Fail(3, Office, Noon.AddMilliseconds(1));
        for (var i = 0; i < LoginThrottle.AddressesMax - 4; i++) Fail(1, $"198.51.{i}", Noon.AddMilliseconds(2));

        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon.AddMilliseconds(2)));
        Assert.True(_throttle.RetryAfter(Office, Noon.AddMilliseconds(2)) > TimeSpan.Zero);
    }

    [Fact]
    public void The_last_16_addresses_that_succeeded_are_known()
    {
        for (var i = 0; i < 17; i++) _throttle.Succeeded($"member's address {i}");

        Assert.False(_throttle.IsKnown("member's address 0"));
        Assert.True(_throttle.IsKnown("member's address 1"));
        Assert.True(_throttle.IsKnown("member's address 16"));
    }

    [Fact]
    public void A_clock_that_jumps_back_does_not_make_the_wait_longer_than_its_maximum()
    {
        Fail(3, Home, Noon.AddHours(1));

        Assert.InRange(_throttle.RetryAfter(Home, Noon), TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    private void Fail(int count, string address, DateTimeOffset now)
    {
        for (var i = 0; i < count; i++) _throttle.Failed(address, now);
    }
}

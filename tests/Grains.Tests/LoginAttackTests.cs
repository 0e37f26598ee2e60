using BoxOffice.Grains.Members;

namespace BoxOffice.Grains.Tests;

/// <summary>An account that is attacked from many addresses: the member gets in.</summary>
public sealed class LoginAttackTests
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
    public void During_an_attack_from_many_addresses_an_unknown_one_waits_after_its_first_failure()
    {
        Attack();
        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon));

        Fail(1, Home, Noon);
        Assert.Equal(TimeSpan.FromSeconds(1), _throttle.RetryAfter(Home, Noon));

        Fail(1, Home, Noon);
        Assert.Equal(TimeSpan.FromSeconds(2), _throttle.RetryAfter(Home, Noon));
    }

    [Fact]
    public void The_member_at_a_known_address_keeps_the_allowance_during_an_attack()
    {
        _throttle.Succeeded(Home);
        Attack();

        Fail(2, Home, Noon);

        Assert.Equal(TimeSpan.Zero, _throttle.RetryAfter(Home, Noon));
    }

    [Fact]
    public void An_address_is_known_to_the_next_activation_that_recalls_it()
    {
        _throttle.Succeeded(Home);
        var next = new LoginThrottle(Options);

        next.Recall(_throttle.Known);

        Assert.Equal((true, false), (next.IsKnown(Home), next.IsKnown(Office)));
        Assert.DoesNotContain(Home, next.Known); // the store has digests
        Assert.False(next.Succeeded(Home));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_member_gets_in_within_a_minute_beside_a_thousand_tries_a_second_from_10_000_addresses(bool isKnown)
    {
        if (isKnown) _throttle.Succeeded(Home);
        var (now, granted, mistakes) = (Noon, 0, 0);
        void Rival(int tries)
        {
            for (var i = 0; i < tries; i++, now += TimeSpan.FromMilliseconds(1))
            {
                var address = $"198.51.{i % 10_000}";
                if (_throttle.Begin(address, now) > TimeSpan.Zero) continue;
                granted++;
                _throttle.Failed(address, now);
            }
        }
        Rival(120_000);
        var arrivedAt = now;

        // mistypes three times, and then is right; asks again after the whole seconds of Retry-After
        while (mistakes < 4)
        {
            var wait = _throttle.Begin(Home, now);
            if (wait > TimeSpan.Zero) Rival(1_000 * (int)Math.Ceiling(wait.TotalSeconds));
            else if (++mistakes < 4) _throttle.Failed(Home, now);
        }

        Assert.InRange(now - arrivedAt, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.InRange(granted, 10_000, 10_000 * 9); // each address waits twice as long after each failure
    }

    private void Attack()
    {
        for (var i = 0; i < 6; i++) Fail(1, $"198.51.100.{i}", Noon);
    }

    private void Fail(int count, string address, DateTimeOffset now)
    {
        for (var i = 0; i < count; i++) _throttle.Failed(address, now);
    }
}

namespace BoxOffice.Grains.Members;

/// <summary>
/// Slows down password guessing against one account, without a lock-out that an attacker could use. An address that
/// failed often waits increasingly long; when the account is attacked from many addresses, unfamiliar ones wait too,
/// while an address that logged in before is let through.
/// </summary>
internal sealed class LoginThrottle(BoxOfficeOptions options)
{
    // The account's own wait is short: an attacker who keeps guessing must not lock the member out.
    private static readonly TimeSpan AccountDelayMax = TimeSpan.FromSeconds(2);

    private const int AddressesMax = 256; // remembered for each account; the one that failed longest ago goes first

    private readonly Dictionary<string, Failures> _byAddress = [];
    private readonly HashSet<string> _familiar = [];
    private Failures _all;

    /// <summary>
    /// Asks for an attempt. Zero grants it; one that is slowed down gets one attempt, not as many at once as it likes.
    /// </summary>
    public TimeSpan Begin(string address, DateTimeOffset now)
    {
        var wait = RetryAfter(address, now);
        if (wait > TimeSpan.Zero) return wait;
        if (_byAddress.TryGetValue(address, out var own) && own.Count >= options.LoginFailuresPerAddress)
            _byAddress[address] = own with { LastAt = now };
        if (_all.Count >= options.LoginFailuresPerAccount && !_familiar.Contains(address))
            _all = _all with { LastAt = now };
        return wait;
    }

    /// <summary>How long this address must wait before its next attempt; zero when it need not.</summary>
    public TimeSpan RetryAfter(string address, DateTimeOffset now)
    {
        var own = Wait(
            _byAddress.GetValueOrDefault(address), options.LoginFailuresPerAddress, options.LoginDelayMax, now);
        var all = _familiar.Contains(address)
            ? TimeSpan.Zero
            : Wait(_all, options.LoginFailuresPerAccount, AccountDelayMax, now);
        return own > all ? own : all;
    }

    /// <summary>Counts a wrong password.</summary>
    public void Failed(string address, DateTimeOffset now)
    {
        _all = Add(_all, now);
        _byAddress[address] = Add(_byAddress.GetValueOrDefault(address), now);
        if (_byAddress.Count > AddressesMax) _byAddress.Remove(_byAddress.MinBy(pair => pair.Value.LastAt).Key);
    }

    /// <summary>Forgets the failures of an address, and remembers it as the member's.</summary>
    public void Succeeded(string address)
    {
        _byAddress.Remove(address);
        if (_familiar.Count < AddressesMax) _familiar.Add(address);
    }

    private Failures Add(Failures failures, DateTimeOffset now) =>
        now - failures.LastAt > options.LoginFailuresKept ? new(1, now) : new(failures.Count + 1, now);

    /// <summary>1 s after the first failure above the limit, then doubling with each, up to the maximum.</summary>
    private TimeSpan Wait(Failures failures, int allowed, TimeSpan max, DateTimeOffset now)
    {
        if (failures.Count < allowed || now - failures.LastAt > options.LoginFailuresKept) return TimeSpan.Zero;
        var seconds = Math.Min(Math.Pow(2, Math.Min(failures.Count - allowed, 20)), max.TotalSeconds);
        var waited = now > failures.LastAt ? now - failures.LastAt : TimeSpan.Zero; // a clock may jump back
        var wait = TimeSpan.FromSeconds(seconds) - waited;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private readonly record struct Failures(int Count, DateTimeOffset LastAt);
}

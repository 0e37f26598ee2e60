using System.Security.Cryptography;
using System.Text;

namespace BoxOffice.Grains.Members;

/// <summary>
/// Slows down password guessing against one account. Each address waits for its own failures only: nothing that one
/// does makes another wait. When the account is attacked from many addresses, an unknown one has to wait after its
/// first failure, while one from which the member logged in before keeps its allowance.
/// </summary>
internal sealed class LoginThrottle(BoxOfficeOptions options)
{
    /// <summary>
    /// Most addresses whose failures are remembered; then the oldest are forgotten. Each had a password hashed, so that
    /// it takes a front-end more than ten minutes to fill.
    /// </summary>
    public const int AddressesMax = 20_000;

    /// <summary>Most addresses that are known as the member's.</summary>
    public const int KnownMax = 16;

    private readonly Dictionary<string, Failures> _byAddress = [];
    private readonly Queue<(string Address, DateTimeOffset At)> _byAge = new(); // one for each failure
    private readonly List<string> _known = []; // the newest at the end
    private Failures _all;

    /// <summary>Digests of the addresses that are known as the member's.</summary>
    public IReadOnlyList<string> Known => _known;

    /// <summary>True when nothing would be lost by forgetting it.</summary>
    public bool IsEmpty => _byAddress.Count == 0 && _known.Count == 0;

    /// <summary>Takes what was stored.</summary>
    public void Recall(IEnumerable<string> known) => _known.AddRange(known.TakeLast(KnownMax));

    /// <summary>Whether the member logged in from there.</summary>
    public bool IsKnown(string address) => _known.Count > 0 && _known.Contains(DigestOf(address));

    /// <summary>While the account is attacked from other addresses: failures from an unknown one; else 0.</summary>
    public int FailuresInAttack(string address, DateTimeOffset now) =>
        _byAddress.TryGetValue(address, out var own) && IsSuspect(address, own, now) ? own.Count : 0;

    /// <summary>
    /// Asks for an attempt. Zero grants it; one that is slowed down gets one attempt, not as many at once as it likes.
    /// </summary>
    public TimeSpan Begin(string address, DateTimeOffset now)
    {
        var wait = RetryAfter(address, now);
        if (wait > TimeSpan.Zero) return wait;
        if (_byAddress.TryGetValue(address, out var own) && own.Count >= AllowedOf(address, own, now))
            _byAddress[address] = own with { LastAt = now };
        return wait;
    }

    /// <summary>How long this address must wait before its next attempt; zero when it need not.</summary>
    public TimeSpan RetryAfter(string address, DateTimeOffset now) =>
        _byAddress.TryGetValue(address, out var own) ? Wait(own, AllowedOf(address, own, now), now) : TimeSpan.Zero;

    /// <summary>Counts a wrong password.</summary>
    public void Failed(string address, DateTimeOffset now)
    {
        Forget(now);
        _all = Add(_all, now);
        _byAddress[address] = Add(_byAddress.GetValueOrDefault(address), now);
        _byAge.Enqueue((address, now));
    }

    /// <summary>Forgets the failures of an address, and remembers it as the member's.</summary>
    /// <returns>True when it was not known before.</returns>
    public bool Succeeded(string address)
    {
        _byAddress.Remove(address);
        var digest = DigestOf(address);
        if (_known.Contains(digest)) return false;
        _known.Add(digest);
        if (_known.Count > KnownMax) _known.RemoveAt(0);
        return true;
    }

    private int AllowedOf(string address, Failures own, DateTimeOffset now) =>
        IsSuspect(address, own, now) ? 1 : options.LoginFailuresPerAddress;

    /// <summary>An unknown address, while the account is attacked from others.</summary>
    private bool IsSuspect(string address, Failures own, DateTimeOffset now) =>
        _all.Count - own.Count >= options.LoginFailuresPerAccount
        && now - _all.LastAt <= options.LoginFailuresKept
        && !IsKnown(address);

    /// <summary>Removes failures that are too old, and the oldest when there are too many.</summary>
    private void Forget(DateTimeOffset now)
    {
        while (_byAge.TryPeek(out var oldest)
            && (_byAge.Count >= AddressesMax || now - oldest.At > options.LoginFailuresKept))
        {
            _byAge.Dequeue();
            if (_byAddress.TryGetValue(oldest.Address, out var failures) && failures.FailedAt == oldest.At)
                _byAddress.Remove(oldest.Address);
        }
    }

    private Failures Add(Failures failures, DateTimeOffset now) =>
        now - failures.LastAt > options.LoginFailuresKept ? new(1, now, now) : new(failures.Count + 1, now, now);

    /// <summary>1 s after the first failure above the limit, then doubling with each, up to the maximum.</summary>
    private TimeSpan Wait(Failures failures, int allowed, DateTimeOffset now)
    {
        if (failures.Count < allowed || now - failures.LastAt > options.LoginFailuresKept) return TimeSpan.Zero;
        var seconds = Math.Min(Math.Pow(2, Math.Min(failures.Count - allowed, 20)), options.LoginDelayMax.TotalSeconds);
        var waited = now > failures.LastAt ? now - failures.LastAt : TimeSpan.Zero; // a clock may jump back
        var wait = TimeSpan.FromSeconds(seconds) - waited;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>The store need not say where a member lives.</summary>
    private static string DigestOf(string address) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(address)), 0, 8);

    /// <param name="Count">How many.</param>
    /// <param name="LastAt">When the last one was, or the last attempt was granted.</param>
    /// <param name="FailedAt">When the last one was.</param>
    private readonly record struct Failures(int Count, DateTimeOffset LastAt, DateTimeOffset FailedAt);
}

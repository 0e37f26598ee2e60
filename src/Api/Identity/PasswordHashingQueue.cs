using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using BoxOffice.Api.Telemetry;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Identity;

/// <summary>The outcome of verifying a password.</summary>
/// <param name="IsRight">Whether it is right.</param>
/// <param name="IsOutdated">Its hash should be replaced: fewer rounds than now, or not of the normal form.</param>
internal readonly record struct PasswordCheck(bool IsRight, bool IsOutdated = false);

/// <summary>
/// Hashes and verifies passwords on threads of its own, with a bounded queue: a login storm waits here and delays
/// nothing else. The threads have the lowest priority, so that it hardly slows a sale.
/// </summary>
/// <remarks>
/// A password that was verified (or chosen) is remembered for a time as a keyed hash in memory, so that a crowd that
/// shares one hash, or a member who logs in again, costs one hashing. Wrong passwords are never remembered: guessing
/// stays slow. The memory is the framework's cache, which removes expired entries and, when full, the least recently
/// used twentieth. In a storm of logins at half of what two cores can sell (bench/Measure -- peers --scenarios
/// hot-256,logins-storm, two starts of each) a sale took 5.0 and 5.2 ms in the median beside ordinary threads, which
/// did 8 logins a second, and 2.7 and 2.9 beside low-priority threads, which did 4 to 5. These run almost no managed
/// code, for which the garbage collector could have to wait: the hashing is one native call.
/// </remarks>
internal sealed class PasswordHashingQueue : IDisposable
{
    private readonly PasswordHasher<string> _hasher;
    private readonly Channel<Action> _queue;
    private readonly Channel<Action> _operators;
    private readonly MemoryCache _right;
    private readonly TimeSpan _rememberedFor;
    private readonly int _queueMax;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<PasswordCheck>> _underWay = [];
    private readonly Lazy<string> _nobody;
    private readonly ApiMetrics? _metrics;

    /// <summary>Starts the workers.</summary>
    public PasswordHashingQueue(IOptions<ApiOptions> options, ApiMetrics? metrics = null)
    {
        _metrics = metrics;
        var limits = options.Value;
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = limits.PasswordIterations }));
        _nobody = new(() => _hasher.HashPassword("", Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));
        _right = new(new MemoryCacheOptions { SizeLimit = limits.PasswordsRememberedMax });
        _rememberedFor = limits.PasswordsRememberedFor;
        _queueMax = limits.PasswordQueueMax;
        _queue = Channel.CreateBounded<Action>(_queueMax);
        _operators = Channel.CreateBounded<Action>(_queueMax);
        for (var i = 0; i < (limits.PasswordWorkers ?? Math.Max(1, Environment.ProcessorCount / 2)); i++)
            new Thread(() => Work(_queue)) { Name = "passwords", IsBackground = true }.Start();
        // A login storm of members must not keep operators out. The thread waits nearly always.
        new Thread(() => Work(_operators)) { Name = "passwords", IsBackground = true }.Start();
    }

    /// <summary>Passwords that wait.</summary>
    public int WaitingCount => _queue.Reader.Count;

    /// <summary>True when no password can wait: the caller should refuse before it asks a member.</summary>
    public bool IsFull => WaitingCount >= _queueMax;

    /// <summary>
    /// The hash of a new password; null when the queue is half full: sign-ups leave the other half to logins.
    /// </summary>
    public async Task<string?> HashAsync(string password)
    {
        if (WaitingCount * 2 > _queueMax) return null;
        if (Enqueue(() => _hasher.HashPassword("", Nfkc.Normalize(password))) is not { } work) return null;
        var hash = await work;
        Remember(KeyOf(hash, password));
        return hash;
    }

    /// <summary>
    /// Whether the password is right; null when the queue is full. Without a hash, for an unknown member, it does the
    /// same work and returns false.
    /// </summary>
    /// <param name="hash">The member's.</param>
    /// <param name="password">What is to be verified.</param>
    /// <param name="isOperators">True for an operator at a known address: a queue of its own.</param>
    public async Task<PasswordCheck?> VerifyAsync(string? hash, string password, bool isOperators = false)
    {
        var key = KeyOf(hash ?? "", password);
        if (_right.TryGetValue(key, out _)) return new(IsRight: true);
        Task<PasswordCheck>? work;
        lock (_gate)
        {
            // Callers with the same hash and password share one verification.
            if (!_underWay.TryGetValue(key, out work))
            {
                work = Enqueue(() => Verify(key, hash, password), isOperators ? _operators : _queue);
                if (work is null) return null;
                _underWay[key] = work;
            }
        }
        return await work;
    }

    /// <summary>Ends the workers.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _operators.Writer.TryComplete();
        _right.Dispose();
    }

    private PasswordCheck Verify(string key, string? hash, string password)
    {
        try
        {
            var normal = Nfkc.Normalize(password);
            var verified = _hasher.VerifyHashedPassword("", hash ?? _nobody.Value, normal);
            var isOutdated = verified == PasswordVerificationResult.SuccessRehashNeeded;
            if (verified == PasswordVerificationResult.Failed && normal != password)
            {
                // hashed before passwords were normalized
                verified = _hasher.VerifyHashedPassword("", hash ?? _nobody.Value, password);
                isOutdated = true;
            }
            // An unknown member takes as long, and is never right.
            if (verified == PasswordVerificationResult.Failed || hash is null) return new(IsRight: false);
            Remember(key);
            return new(IsRight: true, isOutdated);
        }
        finally
        {
            lock (_gate) _underWay.Remove(key);
        }
    }

    private Task<T>? Enqueue<T>(Func<T> work, Channel<Action>? queue = null)
    {
        // Requests must not continue on a worker.
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var since = Stopwatch.GetTimestamp();
        return (queue ?? _queue).Writer.TryWrite(() =>
        {
            _metrics?.PasswordWaited(Stopwatch.GetElapsedTime(since));
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }) ? done.Task : null;
    }

    private static void Work(Channel<Action> queue)
    {
        LowPriorityThread.GiveWay();
        foreach (var work in queue.Reader.ReadAllAsync().ToBlockingEnumerable()) work();
    }

    private string KeyOf(string hash, string password) =>
        Convert.ToBase64String(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{hash}\n{password}")));

    private void Remember(string key)
    {
        using var entry = _right.CreateEntry(key);
        entry.Value = true;
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = _rememberedFor;
    }
}
